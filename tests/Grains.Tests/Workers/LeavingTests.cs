using CocoonPool.Domain.Attestation;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Routing;

namespace CocoonPool.Grains.Tests.Workers;

/// <summary>How a worker stops: drained, deactivated, or shut out in the middle of its uptime.</summary>
public sealed class LeavingTests : MemberTests
{
    [Fact]
    public async Task Drain_OfAnIdleWorker_IsCompleteAtOnce()
    {
        var answer = await Someone.Worker.Drain("test");

        answer.Value!.State.ShouldBe(WorkerState.Drained);
        (await Someone.Worker.Deactivate("test")).Value!.State.ShouldBe(WorkerState.Deactivated);
    }

    [Fact]
    public async Task Drain_WhileATaskRuns_IsCompleteWhenItEnds()
    {
        var held = new TaskCompletionSource();
        Host.Links.Held = held.Task;
        await using var task = Someone.Worker.Execute(new(new("task-1"), "", "chat/completions", Member.Model, true, [])).GetAsyncEnumerator();
        (await task.MoveNextAsync()).ShouldBeTrue();

        (await Someone.Worker.Drain("test")).Value!.State.ShouldBe(WorkerState.Draining);
        held.SetResult();
        while (await task.MoveNextAsync())
        {
        }

        await Eventually.Holds(async () => (await Someone.Worker.Describe())!.State == WorkerState.Drained, "the end of the drain");
    }

    [Fact]
    public async Task Drain_WhileATaskUsesTheStreamDirectly_IsCompleteWhenItEnds()
    {
        var held = new TaskCompletionSource();
        Host.Links.Held = held.Task;
        var calls = new WorkerCalls(Host.Links, Host.Grains, new PoolSettings { Id = PoolHost.PoolId });
        var observed = Host.Links.Lent(Someone.WorkerId).ShouldNotBeNull();
        await using var task = calls.Execute(Someone.WorkerId, new(new("task-1"), "", "chat/completions", Member.Model, true, []), CancellationToken.None).GetAsyncEnumerator();
        (await task.MoveNextAsync()).ShouldBeTrue();
        observed.Running.ShouldBe(1);

        (await Someone.Worker.Drain("test")).Value!.State.ShouldBe(WorkerState.Draining);
        Host.Links.Lent(Someone.WorkerId).ShouldBeNull("a draining worker gets no new task");
        held.SetResult();
        while (await task.MoveNextAsync())
        {
        }

        await Eventually.Holds(async () => (await Someone.Worker.Describe())!.State == WorkerState.Drained, "the end of the drain");
        observed.Find(new("task-1")).ShouldBe(new Observation(TaskOutcome.Success, Host.Links.Tokens, EndedAt: Host.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Uptime_IsExpectedOfADeactivatedWorker_UntilItLeft()
    {
        var joined = Host.Time.GetUtcNow();
        Host.Time.Advance(TimeSpan.FromSeconds(2));
        await Someone.Worker.Drain("test");
        await Someone.Worker.Deactivate("test");

        var worker = (await Host.Get<IWorkerDirectory>().Active(PoolHost.PoolId)).ShouldHaveSingleItem();

        (worker.ActiveSince, worker.ActiveUntil).ShouldBe((joined, joined.AddSeconds(2)));
    }

    [Fact]
    public async Task Uptime_OverARestartOfTheServer_CountsEachSecondOnce_AndNoneInBetween()
    {
        await Someone.StayOnline(2);
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        await Host.Restart();

        // The stream is still there for the new activation; what ran since the last heartbeat before the restart has no witness.
        await Someone.StayOnline(2, firstSequence: 10);
        await Someone.StayOnline(0, firstSequence: 12);

        (await Host.Get<IContributionStore>().Tallies(PoolHost.PoolId, new(1))).Single().Tally.GpuMilliseconds.ShouldBe(4_000);
    }

    [Fact]
    public async Task Uptime_WhenTheAttestationIsLostMidway_EndsWithTheLastHeartbeatBeforeIt()
    {
        await Someone.StayOnline(2);
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        (await Someone.Worker.RejectAttestation(new(AttestationFault.Lost, "not renewed", "none"))).Accepted.ShouldBeTrue();
        Host.Time.Advance(TimeSpan.FromSeconds(1));

        // The second before the loss was never attested to its end, and nothing after it is.
        await Someone.StayOnline(2, firstSequence: 10);

        (await Host.Get<IContributionStore>().Tallies(PoolHost.PoolId, new(1))).Single().Tally.GpuMilliseconds.ShouldBe(2_000);
    }
}
