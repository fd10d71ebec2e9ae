using System.Net.WebSockets;
using System.Text.Json;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Link;

/// <summary>A stream that the pool has welcomed.</summary>
/// <param name="ClockSkew">The pool's time minus ours, as far as one message can tell.</param>
internal sealed record OpenStream(IFrameChannel Socket, WelcomeFrame Welcome, TimeSpan ClockSkew);

/// <summary>Connects to the pool and proves who this worker is.</summary>
internal sealed class PoolConnection(IPoolTransport transport, WorkerId worker, WorkerKey key, TimeProvider time)
{
    /// <exception cref="LinkRefusedException">The pool said no.</exception>
    /// <exception cref="WebSocketException">The pool cannot be reached, or broke off.</exception>
    public async Task<OpenStream> Open(Uri poolUrl, CancellationToken cancellationToken)
    {
        var (socket, challenge, skew) = await Challenge(transport, poolUrl, time, cancellationToken);
        try
        {
            await socket.Send(
                new HelloFrame(LinkLimits.Protocol, worker.Value, key.PublicKey, key.SignHello(challenge.Pool, challenge.Nonce, worker), AgentSoftware.Name),
                cancellationToken);
            return await Read(socket, cancellationToken) is WelcomeFrame welcome
                ? new OpenStream(socket, welcome, skew)
                : throw new WebSocketException("The pool answered the hello with something unexpected.");
        }
        catch
        {
            socket.Abort();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>How far the pool's clock is from ours; opens a stream, reads the challenge and leaves.</summary>
    public static async Task<TimeSpan> MeasureClock(Uri poolUrl, TimeProvider time, CancellationToken cancellationToken)
    {
        var (socket, _, skew) = await Challenge(new WebSocketTransport(), poolUrl, time, cancellationToken);
        using (socket)
            socket.Abort();
        return skew;
    }

    private static async Task<(IFrameChannel Socket, ChallengeFrame Challenge, TimeSpan Skew)> Challenge(
        IPoolTransport transport, Uri poolUrl, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = await transport.Connect(poolUrl, cancellationToken);
        try
        {
            var challenge = await Read(socket, cancellationToken) as ChallengeFrame
                ?? throw new WebSocketException("The pool did not begin with a challenge; is pool_url right?");
            if (challenge.Protocol != LinkLimits.Protocol)
                throw new LinkRefusedException(LinkErrors.UnsupportedProtocol, $"The pool speaks protocol {challenge.Protocol}, this agent {LinkLimits.Protocol}; update the agent.");
            return (socket, challenge, challenge.ServerTime - time.GetUtcNow());
        }
        catch
        {
            socket.Abort();
            socket.Dispose();
            throw;
        }
    }

    private static async Task<ServerFrame> Read(IFrameChannel socket, CancellationToken cancellationToken)
    {
        var read = await socket.Receive(cancellationToken);
        if (read.Kind != FrameReadKind.Text)
            throw new WebSocketException($"The stream ended: {read.Reason}");
        try
        {
            var frame = FrameJson.ReadServerFrame(read.Payload.Span);
            return frame is ErrorFrame error ? throw new LinkRefusedException(error.Code, error.Message) : frame;
        }
        catch (JsonException exception)
        {
            throw new WebSocketException("The pool sent something that is not a frame.", exception);
        }
    }
}
