using System.Net;
using System.Net.Sockets;
using CocoonPool.Chaos.Network;

namespace CocoonPool.Chaos.Tests.Network;

/// <summary>With real sockets: an echo behind the link.</summary>
public sealed class TcpProxyTests : IAsyncLifetime
{
    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private TcpProxy _link = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _echo.Start();
        _link = TcpProxy.Start(((IPEndPoint)_echo.LocalEndpoint).Port, TimeProvider.System);
        _ = Echo();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        _echo.Dispose();
    }

    [Fact]
    public async Task FairWeather_PassesBothDirections()
    {
        using var client = await Connect();

        (await Ask(client, 7)).ShouldBe((byte)7);
    }

    [Fact]
    public async Task Cut_ResetsConnections_AndNewOnesUntilItIsFairAgain()
    {
        using var before = await Connect();
        (await Ask(before, 1)).ShouldBe((byte)1);

        _link.Weather = new(IsCut: true);

        await Should.ThrowAsync<SocketException>(() => Ask(before, 2));
        await Should.ThrowAsync<SocketException>(async () =>
        {
            using var during = await Connect();
            await Ask(during, 3);
        });
        _link.Weather = LinkWeather.Fair;
        using var after = await Connect();
        (await Ask(after, 4)).ShouldBe((byte)4);
    }

    [Fact]
    public async Task Stall_HoldsBackWhatIsSent_AndLosesNothing()
    {
        using var client = await Connect();
        (await Ask(client, 1)).ShouldBe((byte)1);
        _link.Weather = new(IsStalled: true);

        var answer = Ask(client, 2);
        using (var other = await Connect())
        {
            // Whatever was to come through would have: this connection waits just as well.
            var waits = Ask(other, 9);
            (await Task.WhenAny(answer, waits, Task.Delay(200, Cancel))).ShouldNotBe(answer);
            _link.Weather = LinkWeather.Fair;
            (await waits).ShouldBe((byte)9);
        }

        (await answer).ShouldBe((byte)2);
    }

    private async Task<Socket> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _link.Port, Cancel);
        return socket;
    }

    private static async Task<byte> Ask(Socket socket, byte question)
    {
        await socket.SendAsync(new[] { question }, SocketFlags.None, Cancel);
        var answer = new byte[1];
        return await socket.ReceiveAsync(answer, SocketFlags.None, Cancel) == 1 ? answer[0] : throw new SocketException((int)SocketError.ConnectionReset);
    }

    private async Task Echo()
    {
        while (true)
            _ = EchoOne(await _echo.AcceptSocketAsync(Cancel));
    }

    private static async Task EchoOne(Socket socket)
    {
        using (socket)
        {
            var piece = new byte[64];
            while (await socket.ReceiveAsync(piece, SocketFlags.None, Cancel) is var length and > 0)
                await socket.SendAsync(piece.AsMemory(0, length), SocketFlags.None, Cancel);
        }
    }
}
