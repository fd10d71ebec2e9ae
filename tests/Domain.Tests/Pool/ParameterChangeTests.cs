using System.Collections.Immutable;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Pool;

public class ParameterChangeTests
{
    private static readonly PoolParameters Default = PoolParameters.Default;

    public static TheoryData<ParameterChange, PoolParameters> OneEach => new()
    {
        { new() { FeeBps = 1 }, Default with { FeeBps = 1 } },
        { new() { MaxParticipants = 2 }, Default with { MaxParticipants = 2 } },
        { new() { EpochDuration = TimeSpan.FromDays(1) }, Default with { EpochDuration = TimeSpan.FromDays(1) } },
        { new() { ParameterTimelock = TimeSpan.FromDays(1) }, Default with { ParameterTimelock = TimeSpan.FromDays(1) } },
        { new() { WithdrawalDelay = TimeSpan.FromDays(1) }, Default with { WithdrawalDelay = TimeSpan.FromDays(1) } },
        { new() { HeartbeatInterval = TimeSpan.FromSeconds(1) }, Default with { HeartbeatInterval = TimeSpan.FromSeconds(1) } },
        { new() { HeartbeatTimeout = TimeSpan.FromSeconds(99) }, Default with { HeartbeatTimeout = TimeSpan.FromSeconds(99) } },
        { new() { MinUptimeBps = 1 }, Default with { MinUptimeBps = 1 } },
        { new() { MinPayout = new(60_000_000) }, Default with { MinPayout = new(60_000_000) } },
        { new() { Weights = new(10_000, 0, 0, 0) }, Default with { Weights = new(10_000, 0, 0, 0) } },
        { new() { MaxConcentrationBps = 1 }, Default with { MaxConcentrationBps = 1 } },
        { new() { EnforceConcentration = true }, Default with { EnforceConcentration = true } },
        { new() { Multipliers = new TokenMultipliers(1) }, Default with { Multipliers = new TokenMultipliers(1) } },
    };

    [Theory]
    [MemberData(nameof(OneEach))]
    public void Change_OfOneParameter_LeavesTheOthers(ParameterChange change, PoolParameters expected)
    {
        change.ApplyTo(Default).ShouldBe(expected);
        change.IsEmptyFor(Default).ShouldBeFalse();
        change.IsEmptyFor(expected).ShouldBeTrue();
        expected.ShouldNotBe(Default);
    }

    [Fact]
    public void Change_OfTheTiers_IsComparedByValue()
    {
        ImmutableArray<Nanotons> tiers = [Nanotons.FromTon(1), Nanotons.FromTon(2), Nanotons.FromTon(3), Nanotons.FromTon(4)];
        var change = new ParameterChange { StakeTiers = tiers };
        change.ApplyTo(Default).StakeTiers.ShouldBe(tiers);
        change.IsEmptyFor(Default).ShouldBeFalse();
        new ParameterChange { StakeTiers = [.. Default.StakeTiers] }.IsEmptyFor(Default).ShouldBeTrue();
    }

    [Fact]
    public void Change_OfNothing_IsEmpty() => new ParameterChange().IsEmptyFor(Default).ShouldBeTrue();

    public static TheoryData<ProposalState, ProposalCommand, string> Due { get; } = Table.Read<ProposalState, ProposalCommand>(
        """
        Cancel: Waiting→Cancelled Applied✗proposal_already_applied Cancelled→Cancelled Failed✗proposal_failed
        Apply:  Waiting→Applied Applied✗proposal_already_applied Cancelled✗proposal_cancelled Failed✗proposal_failed
        """);

    [Theory]
    [MemberData(nameof(Due))]
    public void Proposal_WhenItsTimeHasCome_AnswersEveryCommand(ProposalState state, ProposalCommand command, string expected) =>
        ProposalLifecycle.Apply(state, command, Samples.Monday, Samples.Monday, fits: true).ShouldAnswer(state, expected);

    [Fact]
    public void Proposal_BeforeItsTime_WaitsOrIsCancelled()
    {
        ProposalLifecycle.Apply(ProposalState.Waiting, ProposalCommand.Apply, Samples.Monday, Samples.Monday.AddTicks(-1), true).Refusal.ShouldBe("proposal_not_due");
        ProposalLifecycle.Apply(ProposalState.Waiting, ProposalCommand.Cancel, Samples.Monday, Samples.Monday.AddTicks(-1), true).To.ShouldBe(ProposalState.Cancelled);
    }

    [Fact]
    public void Proposal_ThatFitsNoMore_Fails() =>
        ProposalLifecycle.Apply(ProposalState.Waiting, ProposalCommand.Apply, Samples.Monday, Samples.Monday, fits: false).To.ShouldBe(ProposalState.Failed);

    [Fact]
    public void Command_ThatIsNone_IsRefused() =>
        ProposalLifecycle.Apply(ProposalState.Waiting, (ProposalCommand)9, Samples.Monday, Samples.Monday, true).Refusal.ShouldBe("proposal_command_unknown");
}
