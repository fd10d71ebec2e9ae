using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class PayoutDestinationTests
{
    private static readonly TonAddress First = Samples.Address(1);
    private static readonly TonAddress Second = Samples.Address(2);
    private static readonly TonAddress Third = Samples.Address(3);
    private static readonly DateTimeOffset Now = Samples.Monday;
    private static readonly PayoutDestination Plain = new(First, null, default);

    [Fact]
    public void NewAddress_TakesEffectAfter48Hours()
    {
        var changed = Plain.Change(Second, Now);
        changed.At(Now.AddHours(48).AddTicks(-1)).ShouldBe(First);
        changed.At(Now.AddHours(48)).ShouldBe(Second);
    }

    [Fact]
    public void SameAddressAgain_DoesNotStartTheTimeAnew() =>
        Plain.Change(Second, Now).Change(Second, Now.AddHours(40)).At(Now.AddHours(48)).ShouldBe(Second);

    [Fact]
    public void AddressInEffect_TakesTheChangeBack() => Plain.Change(Second, Now).Change(First, Now.AddHours(1)).ShouldBe(Plain);

    [Fact]
    public void ThirdAddress_ReplacesTheOneOnItsWay_AndWaitsItself()
    {
        var changed = Plain.Change(Second, Now).Change(Third, Now.AddHours(40));
        changed.At(Now.AddHours(60)).ShouldBe(First);
        changed.At(Now.AddHours(88)).ShouldBe(Third);
    }

    [Fact]
    public void AddressThatTookEffect_IsTheOneThatStaysUntilTheNext()
    {
        var changed = Plain.Change(Second, Now).Change(Third, Now.AddHours(50));
        changed.At(Now.AddHours(51)).ShouldBe(Second);
        changed.Change(Third, Now.AddHours(60)).ShouldBe(changed);
        Plain.Change(Second, Now).Change(Second, Now.AddHours(50)).ShouldBe(new PayoutDestination(Second, null, default));
    }
}
