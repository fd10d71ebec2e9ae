using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Pool;

public sealed class ParameterTests : IAsyncLifetime
{
    private PoolHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Proposal_AppliesWhenItsTimelockEnds_AndNotBefore()
    {
        var proposal = (await Propose(new() { FeeBps = 400 })).Value!;
        (proposal.State, proposal.AppliesAt - proposal.ProposedAt).ShouldBe((ProposalState.Waiting, TimeSpan.FromHours(72)));

        _host.Time.Advance(TimeSpan.FromHours(72) - TimeSpan.FromMinutes(1));
        await _host.Pool.FollowCalendar();
        (await Now()).FeeBps.ShouldBe(500);
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.Pool.FollowCalendar();

        (await Now()).FeeBps.ShouldBe(400);
        var applied = (await _host.Pool.Proposals()).Single();
        (applied.State, applied.EndedAt).ShouldBe((ProposalState.Applied, proposal.AppliesAt));
        (await _host.Pool.CancelProposal(applied.Id)).Message.ShouldContain("proposal_already_applied");
    }

    [Fact]
    public async Task Epoch_IsJudgedByTheParametersThatStoodWhenItBegan_AlsoAfterARestart()
    {
        var start = (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!.Start;
        await Propose(new() { FeeBps = 400, EpochDuration = TimeSpan.FromDays(1) });
        await _host.Restart();
        _host.Time.Advance(TimeSpan.FromDays(4));
        await _host.Pool.FollowCalendar();

        PoolParametersJson.Read((await _host.Pool.ParametersAt(start))!).FeeBps.ShouldBe(500);
        PoolParametersJson.Read((await _host.Pool.ParametersAt(_host.Time.GetUtcNow()))!).FeeBps.ShouldBe(400);

        // Epochs that are opened from then on have the new length.
        _host.Time.Advance(TimeSpan.FromDays(5));
        await _host.Pool.FollowCalendar();
        var last = (await _host.Get<IEpochStore>().List(PoolHost.PoolId, 1))[0];
        (last.End - last.Start).ShouldBe(TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task Proposal_ForTheSameChangeAgain_IsTheOneThatWaits()
    {
        var first = (await Propose(new() { MinPayout = Nanotons.FromTon(2), StakeTiers = [.. PoolParameters.Default.StakeTiers.Select(t => t + t)] })).Value!;
        (await Propose(new() { MinPayout = Nanotons.FromTon(2), StakeTiers = [.. PoolParameters.Default.StakeTiers.Select(t => t + t)] })).Value.ShouldBe(first);
        (await Propose(new() { FeeBps = 500 })).Refusal.ShouldBe("nothing_to_change");
    }

    [Fact]
    public async Task Approval_CarriedOutTwice_IsOneProposal_AlsoAfterItsEnd()
    {
        var command = new ProposeParameters(PoolParametersJson.Write(new ParameterChange { FeeBps = 400 }), "cheaper", "approval-1");
        var proposal = (await _host.Pool.ProposeParameters(command)).Value!;
        await _host.Pool.CancelProposal(proposal.Id);
        await _host.Restart();

        (await _host.Pool.ProposeParameters(command)).Value!.ShouldBe(proposal with { State = ProposalState.Cancelled, EndedAt = _host.Time.GetUtcNow() });
        (await _host.Pool.Proposals()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Proposal_Cancelled_NeverApplies()
    {
        var proposal = (await Propose(new() { FeeBps = 400 })).Value!;
        (await _host.Pool.CancelProposal(proposal.Id)).Value!.State.ShouldBe(ProposalState.Cancelled);
        (await _host.Pool.CancelProposal(proposal.Id)).Accepted.ShouldBeTrue();
        (await _host.Pool.CancelProposal("p99")).Refusal.ShouldBe("not_found");

        _host.Time.Advance(TimeSpan.FromDays(4));
        await _host.Pool.FollowCalendar();
        (await Now()).FeeBps.ShouldBe(500);
    }

    [Fact]
    public async Task Proposal_OutsideTheBounds_IsRefusedWithEveryMistake()
    {
        var refused = await Propose(new() { FeeBps = 5000, MaxParticipants = 0, HeartbeatTimeout = TimeSpan.FromSeconds(1) });
        refused.Refusal.ShouldBe("invalid_parameters");
        refused.Message.ShouldContain("fee_bps");
        refused.Message.ShouldContain("max_participants");
        refused.Message.ShouldContain("heartbeat_timeout");
    }

    [Fact]
    public async Task Proposal_ThatFitsNoMoreWhenItsTimeComes_FailsAndChangesNothing()
    {
        // Each is valid by itself; the second does not fit the first.
        await Propose(new() { HeartbeatInterval = TimeSpan.FromMilliseconds(1500) });
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await Propose(new() { HeartbeatTimeout = TimeSpan.FromMilliseconds(2500) });

        _host.Time.Advance(TimeSpan.FromDays(4));
        await _host.Pool.FollowCalendar();

        (await _host.Pool.Proposals()).Select(p => p.State).ShouldBe([ProposalState.Failed, ProposalState.Applied]);
        (await Now()).HeartbeatTimeout.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Maintenance_IsItsOwnState_AndAPauseOutlivesIt()
    {
        (await _host.Pool.StartMaintenance("new racks")).Accepted.ShouldBeTrue();
        (await _host.Pool.Admit(ChainModel.Operator)).Refusal.ShouldBe("pool_not_active");
        (await _host.Pool.Pause("trouble")).Accepted.ShouldBeTrue();
        (await _host.Pool.EndMaintenance()).Message.ShouldContain("pool_not_in_maintenance");
        (await _host.Pool.Describe())!.State.ShouldBe(PoolState.Paused);
    }

    private Task<Outcome<ProposalDescription>> Propose(ParameterChange change) => _host.Pool.ProposeParameters(new(PoolParametersJson.Write(change), "because"));

    private async Task<PoolParameters> Now() => PoolParametersJson.Read((await _host.Pool.Terms())!.Parameters);
}
