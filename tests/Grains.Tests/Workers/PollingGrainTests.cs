using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Grains.Tests.Workers;

/// <summary>Polls that come in through every silo of the engine.</summary>
public sealed class PollingGrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private PoolHost _host = null!;

    private CancellationToken Cancel { get; } = TestContext.Current.CancellationToken;

    /// <summary>The worker's grain as each silo calls it, and the first silo once more.</summary>
    private IReadOnlyList<IPollingGrain> Ways
    {
        get
        {
            var silos = _host.OfEach<IGrainFactory>();
            return [.. silos.Append(silos[0]).Select(factory => factory.GetGrain<IPollingGrain>(GrainKeys.Worker(PoolHost.PoolId, new("poller"))))];
        }
    }

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Polls_ThroughEverySilo_MeetInOneSession()
    {
        foreach (var way in Ways.Reverse())
        {
            (await way.Beat(0, 0, Cancel)).Value!.Delay.ShouldBe(TimeSpan.FromSeconds(30));
            (await way.Submit(Result("task-1"), Cancel)).Accepted.ShouldBeTrue();
            (await way.Submit(Result("task-2"), Cancel)).Refusal.ShouldBe(PollRefusals.TaskNotAssigned);
        }

        Sessions.Sum(s => s.Sessions).ShouldBe(1);
    }

    [Fact]
    public async Task Signature_ThatWasTakenThroughOneSilo_IsRefusedThroughEverySilo()
    {
        (await Ways[^1].Use("signed")).Accepted.ShouldBeTrue();

        foreach (var way in Ways)
            (await way.Use("signed")).Refusal.ShouldBe(PollRefusals.SignatureUsed);
        (await Ways[^1].Use("signed later")).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task RequestThatIsHeld_KeepsNoOtherWaiting_AndEndsWhenTheWorkerHangsUp()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var held = Ways[^1].Fetch(TimeSpan.FromHours(1), hangUp.Token);
        await Task.WhenAny(Sessions.Select(s => s.Held)).WaitAsync(Soon, Cancel);

        foreach (var way in Ways)
        {
            await way.Use($"{Guid.NewGuid()}").WaitAsync(Soon, Cancel);
            await way.Beat(1, 50, Cancel).WaitAsync(Soon, Cancel);
            await way.Submit(Result("task-1"), Cancel).WaitAsync(Soon, Cancel);
            (await way.Fetch(TimeSpan.Zero, Cancel).WaitAsync(Soon, Cancel)).Value!.Assignment.ShouldBeNull();
        }
        held.IsCompleted.ShouldBeFalse();
        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => held.WaitAsync(Soon, Cancel));
        await Task.WhenAny(Sessions.Select(s => s.HungUp)).WaitAsync(Soon, Cancel);
    }

    [Fact]
    public async Task Poll_WhenTheSiloOfTheSessionStops_FindsANewSessionOnAnother()
    {
        Assert.SkipWhen(Sessions.Count == 1, "The local engine has one silo.");
        (await Ways[0].Beat(0, 0, Cancel)).Accepted.ShouldBeTrue();
        (Sessions[0].Sessions, Sessions[1].Sessions).ShouldBe((1, 0));
        Sessions[0].Stopping = true;

        (await Ways[1].Beat(0, 0, Cancel)).Refusal.ShouldBe(PollRefusals.Stopping);
        await Eventually.Holds(async () => (await Ways[1].Beat(0, 0, Cancel)).Accepted, "a session on the other silo");

        (Sessions[0].Sessions, Sessions[1].Sessions).ShouldBe((1, 1));
    }

    private IReadOnlyList<PollModel> Sessions => [.. _host.OfEach<IPollSessions>().Cast<PollModel>()];

    private static PolledResult Result(string task) => new(task, 200, [[1], [2, 3]], null, new(1, 0, 2, 0), null, null);
}
