using System.Net;
using System.Net.Sockets;
using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Workspace;

/// <summary>With a real service (Node) and a stranger that really listens.</summary>
public sealed class PortChoiceTests : IAsyncDisposable
{
    private readonly TemporaryState _state = new();
    private readonly TcpListener _stranger = new(IPAddress.Loopback, 0);
    private int _chosen;

    public PortChoiceTests() => _stranger.Start();

    private int Taken => ((IPEndPoint)_stranger.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await new ServiceStop(_state.Directory.Run, TimeProvider.System).StopAll();
        _stranger.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task Port_ThatWasTakenBeforeTheServiceListened_IsChosenAgain()
    {
        var port = await PortChoice.Start(() => ++_chosen == 1 ? Taken : FreePort.Any(), Listen);

        port.ShouldNotBe(Taken);
        RunRecord.Find(_state.Directory.Run, "service")!.Process.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public async Task Ports_ThatAreAlwaysTaken_AreToldAtLast()
    {
        var failure = await Should.ThrowAsync<PortTakenException>(() => PortChoice.Start(() => Taken, Listen));

        failure.Message.ShouldContain("service ended");
    }

    [Fact]
    public async Task OtherFailures_AreNotTriedAgain()
    {
        await Should.ThrowAsync<LauncherException>(() => PortChoice.Start(() => ++_chosen, _ => throw new LauncherException("no disk")));

        _chosen.ShouldBe(1);
    }

    private Task Listen(int port) => new Supervisor(_state.Directory, TimeProvider.System).Start(
        new ServiceDefinition("service", ["node", "-e", $"require('net').createServer().listen({port}, '127.0.0.1', () => console.log('ready'))"], new ReadyLine("ready")),
        TestContext.Current.CancellationToken);
}
