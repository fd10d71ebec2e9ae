using CocoonPool.Adapters.Postgres.Audit;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Settlement;

/// <summary>What the pool does with money by itself stands in the audit log: each step once, in order, whole, whatever dies in between.</summary>
public sealed class AuditLineTests : IAsyncLifetime
{
    private PoolHost _host = null!;
    private Member? _member;

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public async ValueTask DisposeAsync()
    {
        _member?.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task EveryStep_LeavesOneLine_AlsoWhenTheHostDiesAfterEachOfThem()
    {
        await CloseEpoch();

        for (var i = 0; i < 20 && (await _host.Settlement(1).Describe()).Phase != "settled"; i++)
        {
            await Advance();
            await _host.Restart();
        }

        var lines = await Lines();
        lines.ShouldBe(
        [
            $"stake_deposited {_member!.Address}", $"payment_booked {ChainModel.Customer}",
            "epoch_finalized epoch/1", "settlement_planned epoch/1",
            "settlement_signed epoch/1/opening", "settlement_sent epoch/1/opening", "settlement_proven epoch/1/opening",
            "settlement_signed epoch/1/batch/0", "settlement_sent epoch/1/batch/0", "settlement_proven epoch/1/batch/0",
            "settlement_settled epoch/1",
        ]);
        (await _host.Get<AuditLog>().Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
    }

    [Fact]
    public async Task WhatTheChainDidWithAStake_HasOneLineForEachTransaction_HoweverOftenItIsRead()
    {
        _member = await Member.Join(_host, 1);
        _host.Chain.Stake(_member.Address, Nanotons.FromTon(50), _host.Time.GetUtcNow());
        _host.Chain.Stakes.Request(_member.Address, Nanotons.FromTon(50)).ShouldBeTrue();
        await _member.Participant.FollowStake();
        _host.Chain.Stakes.Cancel(_member.Address).ShouldBeTrue();
        await _member.Participant.FollowStake();
        await _host.Restart();
        await _member.Participant.FollowStake();

        (await Lines()).ShouldBe(((string[])["deposited", "deposited", "withdrawal_requested", "withdrawal_cancelled"]).Select(what => $"stake_{what} {_member.Address}"));
    }

    [Fact]
    public async Task MessageSentManyTimes_HasOneLine()
    {
        await CloseEpoch();
        _host.Chain.DropBroadcasts = true;
        for (var i = 0; i < 5; i++)
            await Advance();

        _host.Chain.Broadcasts.ShouldBeGreaterThan(2);
        (await Lines()).Count(l => l == "settlement_sent epoch/1/opening").ShouldBe(1);
    }

    [Fact]
    public async Task FreezeAndResume_LeaveALineEachTime_AndRepeatsNone()
    {
        await CloseEpoch();

        foreach (var reason in (string[])["first look", "first look", "second look"])
            (await _host.Settlement(1).Freeze(reason)).Accepted.ShouldBeTrue();
        await _host.Settlement(1).Resume();
        await _host.Settlement(1).Resume();
        (await _host.Settlement(1).Freeze("first look")).Accepted.ShouldBeTrue();

        (await Lines()).Where(l => l.StartsWith("settlement_frozen", StringComparison.Ordinal) || l.StartsWith("settlement_resumed", StringComparison.Ordinal)).Select(l => l.Split(' ')[0])
            .ShouldBe(["settlement_frozen", "settlement_frozen", "settlement_resumed", "settlement_frozen"]);
    }

    private async Task<List<string>> Lines() =>
        [.. (await _host.Get<AuditLog>().Read(PoolHost.PoolId, 0, newestFirst: false, 1_000, PostgresAuditJournal.Actor)).Select(l => $"{l.Entry.Action} {l.Entry.Object}")];

    private async Task CloseEpoch()
    {
        _member = await Member.Join(_host, 1);
        await _member.Contribute("task-1", 10);
        await _member.StayOnline(0);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _member.StayOnline(0, firstSequence: 2);
        _host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(30), _host.Time.GetUtcNow());
        await _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
        (await _host.Pool.FinalizeEpoch(new(Early: true, DryRun: false))).Message.ShouldBe("done");
    }

    private async Task Advance()
    {
        try
        {
            await _host.Settlement(1).Advance();
        }
        catch (ChainGatewayException)
        {
            // An unreachable gateway is the timer's everyday.
        }
    }
}
