using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Workers;

/// <summary>A worker that has proven, on this stream, that it holds the key it registered.</summary>
internal sealed record ProvenWorker(WorkerId Id, string Software, IWorkerGrain Grain);

/// <summary>Challenge and hello: decides who is at the other end before anything else is said.</summary>
internal sealed partial class LinkHandshake(
    IGrainFactory grains, IEnumerable<IRefusedLinks> refused, IOptions<WorkerLinkOptions> options, TimeProvider time, ILogger<LinkHandshake> logger)
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly string _pool = options.Value.PoolId;

    /// <summary>Null when the other end is nobody; it has then been told why, and the stream is closed.</summary>
    public async Task<ProvenWorker?> Prove(IFrameChannel socket, LinkSource source, CancellationToken cancellationToken)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await socket.Send(new ChallengeFrame(nonce, _pool, LinkLimits.Protocol, time.GetUtcNow()), cancellationToken);
        var (worker, named, refusal) = await Judge(socket, nonce, cancellationToken);
        if (refusal is not null)
        {
            LogRefused(refusal.Code);
            foreach (var told in refused)
                await told.Note(source, named, refusal.Code);
            await Refuse(socket, refusal, cancellationToken);
        }
        return worker;
    }

    public static async Task Refuse(IFrameChannel socket, ErrorFrame refusal, CancellationToken cancellationToken)
    {
        await socket.Send(refusal, cancellationToken);
        await socket.CloseOutput(WebSocketCloseStatus.PolicyViolation, refusal.Code, cancellationToken);
    }

    private async Task<(ProvenWorker? Worker, string? Named, ErrorFrame? Refusal)> Judge(IFrameChannel socket, string nonce, CancellationToken cancellationToken)
    {
        // A cancelled receive would kill the connection, and the agent would never learn why; so the clock runs beside it.
        var receiving = socket.Receive(cancellationToken).AsTask();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(receiving, Task.Delay(LinkLimits.HelloTimeout, time, done.Token));
        await done.CancelAsync();
        if (first != receiving)
        {
            await Refuse(socket, new(LinkErrors.HelloTimeout, $"No hello arrived within {LinkLimits.HelloTimeout.TotalSeconds} seconds.", Fatal: true), cancellationToken);
            // The receive must be over before its buffer goes back to the pool; the agent may read the refusal before that.
            await Task.WhenAny(receiving, Task.Delay(Linger, time, cancellationToken));
            socket.Abort();
            await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            return (null, null, null);
        }
        var read = await receiving;
        return read.Kind switch
        {
            FrameReadKind.Text => await Judge(ReadHello(read.Payload.Span), nonce),
            FrameReadKind.TooLarge => Refused(LinkErrors.FrameTooLarge, read.Reason),
            FrameReadKind.NotText => Refused(LinkErrors.TextExpected, read.Reason),
            _ => (null, null, null),
        };
    }

    private static HelloFrame? ReadHello(ReadOnlySpan<byte> payload)
    {
        try
        {
            return FrameJson.ReadAgentFrame(payload) as HelloFrame;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<(ProvenWorker? Worker, string? Named, ErrorFrame? Refusal)> Judge(HelloFrame? hello, string nonce)
    {
        if (hello is null)
            return Refused(LinkErrors.HelloExpected, "The first frame of an agent is hello.");
        if (hello.Protocol != LinkLimits.Protocol)
            return Refused(LinkErrors.UnsupportedProtocol, $"This pool speaks protocol {LinkLimits.Protocol}; update the agent.");
        if (!WorkerId.TryParse(hello.WorkerId, out var id))
            return Refused(LinkErrors.UnknownWorker, "A worker id is 3 to 64 of a-z 0-9 . _ -.");
        // The signature comes first: whoever cannot even prove the key they name must not wake any grain.
        if (!HelloProof.Verify(hello.PublicKey, hello.Signature, _pool, nonce, hello.WorkerId))
            return Refused(LinkErrors.BadSignature, "The signature over pool, nonce and worker id does not fit the public key.", id.Value);
        var grain = grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(_pool, id));
        if (await grain.Describe() is not { } description)
            return Refused(LinkErrors.UnknownWorker, $"Worker {id} is not registered with this pool; register it first.", id.Value);
        if (!CryptographicOperations.FixedTimeEquals(description.Registration.PublicKey, hello.PublicKey))
            return Refused(LinkErrors.BadSignature, $"Worker {id} is registered with another public key.", id.Value);
        return (new ProvenWorker(id, hello.Software.Length <= 128 ? hello.Software : hello.Software[..128], grain), id.Value, null);
    }

    private static (ProvenWorker? Worker, string? Named, ErrorFrame? Refusal) Refused(string code, string message, string? named = null) => (null, named, new ErrorFrame(code, message, Fatal: true));
}
