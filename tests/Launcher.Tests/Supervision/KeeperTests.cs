using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Supervision;

public sealed class KeeperTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryState _state = new();
    private readonly ServiceDefinition _service = new("silo", ["sh", "-c", "echo ready $GREETING; exec sleep 600"], new ReadyLine("ready"))
    {
        Environment = new Dictionary<string, string> { ["GREETING"] = "hello" },
    };

    public async ValueTask DisposeAsync()
    {
        await new ServiceStop(_state.Directory.Run, TimeProvider.System).StopAll();
        _state.Dispose();
    }

    [Fact]
    public async Task ServiceThatIsKilled_IsStartedAgainInItsPlace()
    {
        using var keeping = new CancellationTokenSource();
        var before = await Start();
        var keeper = Keep(keeping.Token);

        ProcessSignal.Send(before.Process.Pid, ProcessSignal.Kill);
        var after = await Another(before);

        after.Order.ShouldBe(before.Order);
        after.Process.IsRunning.ShouldBeTrue();
        await keeping.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => keeper);
    }

    [Fact]
    public async Task KeeperAsAProcess_IsStoppedFirst_SoThatWhatItKeepsStaysStopped()
    {
        var supervisor = new Supervisor(_state.Directory, TimeProvider.System);
        var before = await supervisor.Start(_service, TestContext.Current.CancellationToken);
        await supervisor.Start(Keeper.Service(_state.Directory, [_service]), TestContext.Current.CancellationToken);
        ProcessSignal.Send(before.Process.Pid, ProcessSignal.Kill);
        var after = await Another(before);
        await Said("ready hello\nready hello\n", "with the environment that the launcher gave it");

        (await new ServiceStop(_state.Directory.Run, TimeProvider.System).StopAll()).ShouldBe([Keeper.Name, "silo"]);

        after.Process.IsRunning.ShouldBeFalse();
        RunRecord.ReadAll(_state.Directory.Run).ShouldBeEmpty();
    }

    [Fact]
    public void ServiceThatDiesAgainAndAgain_WaitsLongerAndLonger()
    {
        var pauses = new RestartPauses();
        var soon = TimeSpan.FromSeconds(1);

        var waited = Enumerable.Range(0, 8).Select(_ => pauses.Next(soon).TotalSeconds).ToArray();

        waited.ShouldBe([0, 0.5, 1, 2, 4, 8, 15, 15]);
        pauses.Next(TimeSpan.FromMinutes(1)).ShouldBe(TimeSpan.Zero, "it had proven itself again");
    }

    private Task<RunRecord> Start() => new Supervisor(_state.Directory, TimeProvider.System).Start(_service, TestContext.Current.CancellationToken);

    private Task Keep(CancellationToken cancellationToken) =>
        new Keeper(_state.Directory, TextWriter.Null, TimeProvider.System).Run([_service], cancellationToken);

    /// <summary>The keeper records a service when it has started it, which is before it has said anything.</summary>
    private async Task Said(string words, string why)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (File.ReadAllText(_state.Directory.Log("silo")) is var log && log.Length < words.Length && !patience.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        File.ReadAllText(_state.Directory.Log("silo")).ShouldBe(words, why);
    }

    private async Task<RunRecord> Another(RunRecord before)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (RunRecord.Find(_state.Directory.Run, before.Name) is { } record && record.Process != before.Process)
                return record;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
