using System.Net.WebSockets;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>An agent of nothing but frames, for saying what the real one never says.</summary>
internal sealed class RawAgent : IAsyncDisposable
{
    private readonly ClientWebSocket _client = new();

    private RawAgent() => Socket = new FrameSocket(_client, LinkLimits.MaxServerFrameBytes);

    public FrameSocket Socket { get; }

    public static async Task<(RawAgent Agent, ChallengeFrame Challenge)> Connect(Uri pool)
    {
        var agent = new RawAgent();
        await agent._client.ConnectAsync(new UriBuilder(pool) { Scheme = "ws", Path = LinkLimits.Path }.Uri, CancellationToken.None).Soon();
        return (agent, (ChallengeFrame)await agent.Read());
    }

    /// <summary>Connects and is welcomed.</summary>
    public static async Task<RawAgent> Join(Uri pool, WorkerId id, WorkerKey key)
    {
        var (agent, challenge) = await Connect(pool);
        await agent.Send(new HelloFrame(1, id.Value, key.PublicKey, key.SignHello(challenge.Pool, challenge.Nonce, id), "raw/1"));
        (await agent.Read()).ShouldBeOfType<WelcomeFrame>();
        return agent;
    }

    public Task Send(AgentFrame frame) => Socket.Send(frame, CancellationToken.None).AsTask().Soon();

    public Task SendText(byte[] text) => _client.SendAsync(text, WebSocketMessageType.Text, true, CancellationToken.None).Soon();

    public async Task<ServerFrame> Read()
    {
        var read = await Socket.Receive(CancellationToken.None).AsTask().Soon();
        read.Kind.ShouldBe(FrameReadKind.Text, read.Reason);
        return FrameJson.ReadServerFrame(read.Payload.Span);
    }

    public async Task<FrameRead> ReadEnd() => await Socket.Receive(CancellationToken.None).AsTask().Soon();

    public ValueTask DisposeAsync()
    {
        Socket.Abort();
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
