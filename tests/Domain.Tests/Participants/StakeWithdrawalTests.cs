using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class StakeWithdrawalTests
{
    private static readonly DateTimeOffset Now = Samples.Monday;
    private static readonly StakeWithdrawal Partial = new("w1", false, new(50), Now.AddDays(-7), Now, WithdrawalState.Waiting, Nanotons.Zero, null);
    private static readonly StakeWithdrawal Full = Partial with { Full = true };

    [Theory]
    [InlineData(50, 0, 100, false, null)]
    [InlineData(51, 0, 100, false, "stake_below_tier")]
    [InlineData(50, 1, 100, false, "stake_below_tier")]
    [InlineData(150, 0, 0, false, null)]
    [InlineData(151, 0, 0, false, "stake_insufficient")]
    [InlineData(0, 0, 100, false, "amount_not_positive")]
    [InlineData(-1, 0, 100, false, "amount_not_positive")]
    [InlineData(50, 0, 100, true, "withdrawal_already_waiting")]
    public void PartOfTheStake_LeavesTheTierBehind(long amount, long held, long required, bool isOneWaiting, string? refusal) =>
        StakeWithdrawals.RefusalOfPartial(new(new(150), new(held), Nanotons.Zero), new(amount), new(required), isOneWaiting).ShouldBe(refusal);

    [Theory]
    [InlineData(0, false, null)]
    [InlineData(1, false, "workers_still_registered")]
    [InlineData(0, true, "withdrawal_already_waiting")]
    public void WholeStake_LeavesNoGpusBehind(int gpus, bool isOneWaiting, string? refusal) =>
        StakeWithdrawals.RefusalOfFull(gpus, isOneWaiting).ShouldBe(refusal);

    [Fact]
    public void Completion_BeforeItsTime_IsRefused()
    {
        Complete(Partial, 150, now: Now.AddTicks(-1)).Refusal.ShouldBe("withdrawal_not_due");
        Complete(Partial, 150, now: Now).Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(WithdrawalState.Cancelled, "withdrawal_cancelled")]
    [InlineData(WithdrawalState.Releasing, "withdrawal_already_completed")]
    [InlineData(WithdrawalState.Completed, "withdrawal_already_completed")]
    public void Completion_OfOneThatDoesNotWait_IsRefused(WithdrawalState state, string refusal) =>
        Complete(Partial with { State = state }, 150).Refusal.ShouldBe(refusal);

    [Theory]
    [InlineData(150, 0, 50)]
    [InlineData(200, 0, 50)]
    [InlineData(130, 0, 30)]
    [InlineData(150, 30, 20)]
    public void Slash_IsBorneByWhatWasToGoOut(long balance, long held, long paid) => Complete(Partial, balance, held).Amount.ShouldBe(new Nanotons(paid));

    [Fact]
    public void Completion_WithNothingAboveTheTier_IsRefused()
    {
        Complete(Partial, 100).Refusal.ShouldBe("stake_below_tier");
        Complete(Partial, 101).Amount.ShouldBe(new Nanotons(1));
    }

    [Fact]
    public void WholeStake_PaysWhatIsThere_OnceNoSlashIsOpen()
    {
        Complete(Full, 75).Amount.ShouldBe(new Nanotons(75));
        Complete(Full, 75, held: 5, isSlashOpen: true).Refusal.ShouldBe("slash_open");
        Complete(Full, 0).ShouldBe(new WithdrawalRuling(Nanotons.Zero, null));
        Complete(Partial, 150, isSlashOpen: true).Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(WithdrawalState.Waiting, null)]
    [InlineData(WithdrawalState.Cancelled, null)]
    [InlineData(WithdrawalState.Releasing, "withdrawal_already_completed")]
    [InlineData(WithdrawalState.Completed, "withdrawal_already_completed")]
    public void Cancelling_IsPossibleWhileItWaits(WithdrawalState state, string? refusal)
    {
        StakeWithdrawals.RefusalOfCancel(Partial with { State = state }).ShouldBe(refusal);
        (Partial with { State = state }).IsWaiting.ShouldBe(state == WithdrawalState.Waiting);
    }

    [Fact]
    public void Position_CountsWhatIsNotLeaving_AndFreesWhatIsNotHeld()
    {
        var position = new StakePosition(new(100), new(30), new(20));
        position.Available.ShouldBe(new Nanotons(70));
        position.Counting.ShouldBe(new Nanotons(80));
        new StakePosition(new(10), Nanotons.Zero, new(20)).Counting.ShouldBe(Nanotons.Zero);
    }

    [Fact]
    public void Lines_HoldTheAmount_AndLetItGoUnderTheSameName()
    {
        var hold = StakeTransfers.Hold(Samples.Address(1), "w1", new(5), Now);
        hold.ShouldBe(new($"stake/{Samples.Address(1)}/w1", AccountName.Stake(Samples.Address(1)), AccountName.StakeAccounts, new(5), TransferKind.StakeWithdrawal, $"stake/{Samples.Address(1)}/w1", Now, TransferAction.Reserve));
        StakeTransfers.Release(Samples.Address(1), "w1", new(5), Now).ShouldBe(hold.End(TransferAction.PostReserved, Now));
    }

    private static WithdrawalRuling Complete(StakeWithdrawal withdrawal, long balance, long held = 0, bool isSlashOpen = false, DateTimeOffset? now = null) =>
        StakeWithdrawals.Complete(withdrawal, new(new(balance), new(held), Nanotons.Zero), new(100), isSlashOpen, now ?? Now);
}
