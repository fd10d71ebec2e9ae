using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class NotificationTests
{
    [Fact]
    public void WhatProtectsAnAccount_IsAlwaysTold()
    {
        Notifications.RefusalOf([]).ShouldBeNull();
        Notifications.RefusalOf(["stake_withdrawal", "slash_appealed"]).ShouldBeNull();
        foreach (var kind in (string[])["payout_address_changed", "slash_opened", "slash_final", "participant_state_changed", "nothing"])
            Notifications.RefusalOf(["stake_withdrawal", kind]).ShouldBe("notification_not_mutable");
    }
}
