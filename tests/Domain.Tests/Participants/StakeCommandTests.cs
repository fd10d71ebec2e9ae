using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class StakeCommandTests
{
    private static readonly DateTimeOffset Now = Samples.Monday;
    private static readonly TonAddress Who = Samples.Address(1);
    private static readonly StakeAccountState Account = new(Who, new(100), Nanotons.Zero, null, null);
    private static readonly Slash Opened = new(SlashRules.IdOf(Who, SlashOffence.Downtime, "x"), Who, SlashOffence.Downtime, "x", 500, new(5), Now, SlashState.Open, null, null, null);
    private static readonly Slash Final = Opened with { State = SlashState.Final };

    [Fact]
    public void OpenSlash_HoldsWithdrawalsBack_AndIsRenewedInTime()
    {
        Wanted(Account, Opened).ShouldHaveSingleItem().ShouldBe((StakeCommandKind.Suspend, $"suspend/{Who}"));
        Wanted(Account with { SuspendedUntil = Now + StakeCommand.RenewBefore + TimeSpan.FromSeconds(1) }, Opened).ShouldBeEmpty();
        Wanted(Account with { SuspendedUntil = Now + StakeCommand.RenewBefore }, Opened).ShouldHaveSingleItem();
        Wanted(Account with { Stake = Nanotons.Zero }, Opened).ShouldBeEmpty();
        Wanted(Account, Opened with { Amount = Nanotons.Zero }).ShouldBeEmpty();
    }

    [Fact]
    public void FinalSlash_IsExecutedOnce_WithTheSuspensionBeforeIt()
    {
        Wanted(Account, Final).Select(c => c.Kind).ShouldBe([StakeCommandKind.Suspend, StakeCommandKind.Slash]);
        Wanted(Account, Final with { Execution = "tx" }).ShouldBeEmpty();
        Wanted(Account, Opened with { State = SlashState.Voided }).ShouldBeEmpty();
    }

    [Fact]
    public void Suspension_IsLiftedWhenNoSlashNeedsIt()
    {
        var suspended = Account with { SuspendedUntil = Now.AddDays(5) };
        Wanted(suspended).ShouldHaveSingleItem().Kind.ShouldBe(StakeCommandKind.Release);
        Wanted(suspended, Final with { Execution = "tx" }).ShouldHaveSingleItem().Kind.ShouldBe(StakeCommandKind.Release);
        Wanted(suspended with { SuspendedUntil = Now }).ShouldBeEmpty();
    }

    [Fact]
    public void DueWithdrawal_IsPaid_UnlessASlashTakesStakeOrItIsSuspended()
    {
        var due = Account with { Withdrawal = new(50), UnlocksAt = Now };
        Wanted(due).ShouldHaveSingleItem().ShouldBe((StakeCommandKind.Complete, $"withdrawal/{Who}"));
        Wanted(due with { UnlocksAt = Now.AddSeconds(1) }).ShouldBeEmpty();
        Wanted(due, Opened).ShouldHaveSingleItem().Kind.ShouldBe(StakeCommandKind.Suspend);
        Wanted(due with { SuspendedUntil = Now.AddDays(1) }).ShouldHaveSingleItem().Kind.ShouldBe(StakeCommandKind.Release);
    }

    [Fact]
    public void Aim_IsReachedWhenTheAccountShowsIt()
    {
        StakeCommand Of(StakeCommandKind kind, Slash? slash = null) => new("id", kind, Who, new(5), slash);

        Of(StakeCommandKind.Suspend).IsReached(Account with { SuspendedUntil = Now.AddDays(10) }, [], Now).ShouldBeTrue();
        Of(StakeCommandKind.Suspend).IsReached(Account with { SuspendedUntil = Now.AddDays(1) }, [], Now).ShouldBeFalse();
        Of(StakeCommandKind.Release).IsReached(Account with { SuspendedUntil = Now.AddDays(1) }, [], Now).ShouldBeFalse();
        Of(StakeCommandKind.Release).IsReached(Account, [], Now).ShouldBeTrue();
        Of(StakeCommandKind.Complete).IsReached(Account with { Withdrawal = new(1) }, [], Now).ShouldBeFalse();
        Of(StakeCommandKind.Complete).IsReached(Account, [], Now).ShouldBeTrue();
        var revised = Final with { Revision = 1 };
        Of(StakeCommandKind.Slash, revised).IsReached(Account, [SlashRules.NumberOnChain(Final.Id, 0)], Now).ShouldBeTrue("an earlier revision executed the same case");
        Of(StakeCommandKind.Slash, revised).IsReached(Account, [revised.NumberOnChain], Now).ShouldBeTrue();
        Of(StakeCommandKind.Slash, revised).IsReached(Account, [SlashRules.NumberOnChain(Final.Id, 2)], Now).ShouldBeFalse();
    }

    [Fact]
    public void NumberOnChain_IsTheIdsBeginning_AndWrapsRound()
    {
        SlashRules.NumberOnChain("00000000000000ff" + new string('9', 16), 0).ShouldBe(255UL);
        SlashRules.NumberOnChain("ffffffffffffffff" + new string('9', 16), 1).ShouldBe(0UL);
    }

    private static List<(StakeCommandKind Kind, string Id)> Wanted(StakeAccountState account, params Slash[] slashes) =>
        [.. StakeCommand.Wanted([account], slashes, Now).Select(command => (command.Kind, command.Id))];
}
