using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Supervision;

public sealed class SupervisorTests : IAsyncDisposable
{
    private readonly TemporaryState _state = new();

    public async ValueTask DisposeAsync()
    {
        await new ServiceStop(_state.Directory.Run, TimeProvider.System).StopAll();
        _state.Dispose();
    }

    [Fact]
    public async Task Service_ThatSaysReady_IsRecordedAndCanBeStopped()
    {
        var record = await Start("echo \"ready $GREETING\"; exec sleep 600");

        record.Process.IsRunning.ShouldBeTrue();
        RunRecord.ReadAll(_state.Directory.Run).ShouldBe([record]);
        File.ReadAllText(_state.Directory.Log("service")).ShouldBe("ready hello\n");
        (await new ServiceStop(_state.Directory.Run, TimeProvider.System).StopAll()).ShouldBe(["service"]);
        record.Process.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task Service_ThatEnds_FailsWithWhatItWrote()
    {
        var failure = await Should.ThrowAsync<LauncherException>(() => Start("echo 'port 1 is taken'; exit 3"));
        failure.Message.ShouldContain("service ended");
        failure.Message.ShouldContain("port 1 is taken");
    }

    private Task<RunRecord> Start(string script) => new Supervisor(_state.Directory, TimeProvider.System).Start(
        new ServiceDefinition("service", ["sh", "-c", script], new ReadyLine("ready")) { Environment = new Dictionary<string, string> { ["GREETING"] = "hello" } },
        TestContext.Current.CancellationToken);
}
