using CocoonPool.Domain.Attestation;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Routing;

namespace CocoonPool.Grains.Tests.Workers;

/// <summary>How a worker stops: drained, deactivated, or shut out in the middle of its uptime.</summary>
public sealed class LeavingTests : IAsyncLifetime
{
    private PoolHost _host = null!;
    private Member _member = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PoolHost.Start();
        _member = await Member.Join(_host, 1);
    }

    public async ValueTask DisposeAsync()
    {
        _member.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Drain_OfAnIdleWorker_IsCompleteAtOnce()
    {
        var answer = await _member.Worker.Drain("test");

        answer.Value!.State.ShouldBe(WorkerState.Drained);
        (await _member.Worker.Deactivate("test")).Value!.State.ShouldBe(WorkerState.Deactivated);
    }

    [Fact]
    public async Task Drain_WhileATaskRuns_IsCompleteWhenItEnds()
    {
        var held = new TaskCompletionSource();
        _host.Links.Held = held.Task;
        await using var task = _member.Worker.Execute(new(new("task-1"), "", "chat/completions", Member.Model, true, [])).GetAsyncEnumerator();
        (await task.MoveNextAsync()).ShouldBeTrue();

        (await _member.Worker.Drain("test")).Value!.State.ShouldBe(WorkerState.Draining);
        held.SetResult();
        while (await task.MoveNextAsync())
        {
        }

        await Eventually.Holds(async () => (await _member.Worker.Describe())!.State == WorkerState.Drained, "the end of the drain");
    }

    [Fact]
    public async Task Drain_WhileATaskUsesTheStreamDirectly_IsCompleteWhenItEnds()
    {
        var held = new TaskCompletionSource();
        _host.Links.Held = held.Task;
        var calls = new WorkerCalls(_host.Links, _host.Grains, new PoolSettings { Id = PoolHost.PoolId });
        var observed = _host.Links.Lent(_member.WorkerId).ShouldNotBeNull();
        await using var task = calls.Execute(_member.WorkerId, new(new("task-1"), "", "chat/completions", Member.Model, true, []), CancellationToken.None).GetAsyncEnumerator();
        (await task.MoveNextAsync()).ShouldBeTrue();
        observed.Running.ShouldBe(1);

        (await _member.Worker.Drain("test")).Value!.State.ShouldBe(WorkerState.Draining);
        _host.Links.Lent(_member.WorkerId).ShouldBeNull("a draining worker gets no new task");
        held.SetResult();
        while (await task.MoveNextAsync())
        {
        }

        await Eventually.Holds(async () => (await _member.Worker.Describe())!.State == WorkerState.Drained, "the end of the drain");
        observed.Find(new("task-1")).ShouldBe(new Observation(TaskOutcome.Success, _host.Links.Tokens, EndedAt: _host.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Uptime_IsExpectedOfADeactivatedWorker_UntilItLeft()
    {
        var joined = _host.Time.GetUtcNow();
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        await _member.Worker.Drain("test");
        await _member.Worker.Deactivate("test");

        var worker = (await _host.Get<IWorkerDirectory>().Active(PoolHost.PoolId)).ShouldHaveSingleItem();

        (worker.ActiveSince, worker.ActiveUntil).ShouldBe((joined, joined.AddSeconds(2)));
    }

    [Fact]
    public async Task Uptime_OverARestartOfTheServer_CountsEachSecondOnce_AndNoneInBetween()
    {
        await _member.StayOnline(2);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.Restart();

        // The stream is still there for the new activation; what ran since the last heartbeat before the restart has no witness.
        await _member.StayOnline(2, firstSequence: 10);
        await _member.StayOnline(0, firstSequence: 12);

        (await _host.Get<IContributionStore>().Tallies(PoolHost.PoolId, new(1))).Single().Tally.GpuMilliseconds.ShouldBe(4_000);
    }

    [Fact]
    public async Task Uptime_WhenTheAttestationIsLostMidway_EndsWithTheLastHeartbeatBeforeIt()
    {
        await _member.StayOnline(2);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        (await _member.Worker.RejectAttestation(new(AttestationFault.Lost, "not renewed", "none"))).Accepted.ShouldBeTrue();
        _host.Time.Advance(TimeSpan.FromSeconds(1));

        // The second before the loss was never attested to its end, and nothing after it is.
        await _member.StayOnline(2, firstSequence: 10);

        (await _host.Get<IContributionStore>().Tallies(PoolHost.PoolId, new(1))).Single().Tally.GpuMilliseconds.ShouldBe(2_000);
    }
}
