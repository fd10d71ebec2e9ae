using System.Collections.Concurrent;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Workers.Polling;

/// <summary>A worker whose request was proven to be its own, and sent once.</summary>
/// <param name="Polling">Where its session is, on whichever silo.</param>
internal sealed record PollingWorker(WorkerId Id, IWorkerGrain Worker, IPollingGrain Polling);

/// <summary>
/// Who asks is proven by the signature of each request. It is checked on the silo where the request arrives, so that strangers wake
/// no polling grain; that it is used once is the grain's to say, because the same request may be sent to any silo.
/// </summary>
internal sealed class PollAdmission(IGrainFactory grains, IOptions<WorkerLinkOptions> options, TimeProvider time)
{
    /// <summary>More than any pool's polling workers; beyond it they are asked for anew.</summary>
    private const int MostKeys = 10_000;

    private readonly ConcurrentDictionary<WorkerId, byte[]> _keys = new();

    /// <exception cref="ApiException">401: the request was not signed by this worker just now, or was sent before. 429: the worker signs too many.</exception>
    public async Task<PollingWorker> Prove(HttpContext context, WorkerId id, ReadOnlyMemory<byte> body)
    {
        var header = context.Request.Headers[PollProof.Header] is [{ Length: > 0 and <= 128 } only] ? only : "";
        var key = GrainKeys.Worker(options.Value.PoolId, id);
        var worker = new PollingWorker(id, grains.GetGrain<IWorkerGrain>(key), grains.GetGrain<IPollingGrain>(key));
        if (header.Length == 0 || await RegisteredKey(worker) is not { } registered)
            throw NotSigned();
        if (options.Value.AcceptMockSignatures && header.StartsWith("mock_", StringComparison.Ordinal))
            return worker;
        if (PollProof.Verify(registered, header, options.Value.PoolId, context.Request.Path, time.GetUtcNow(), body.Span) is not { } signed)
            throw NotSigned();
        (await worker.Polling.Use(signed)).OrTurnAway();
        return worker;
    }

    public static ApiException NotSigned() =>
        new(401, "unauthorized", $"Sign the request with the worker's registered key in {PollProof.Header}; see docs/worker-protocol.md.");

    /// <summary>Null when there is no such worker. The key that an id was registered with is its key for ever, so it is asked for once.</summary>
    private async ValueTask<byte[]?> RegisteredKey(PollingWorker worker)
    {
        if (_keys.TryGetValue(worker.Id, out var known))
            return known;
        if (await worker.Worker.Describe() is not { } described)
            return null;
        if (_keys.Count >= MostKeys)
            _keys.Clear();
        return _keys[worker.Id] = described.Registration.PublicKey;
    }
}

/// <summary>What a polling grain refuses, as HTTP answers.</summary>
internal static class PollAnswers
{
    /// <exception cref="ApiException">The poll was refused.</exception>
    public static T OrTurnAway<T>(this Outcome<T> outcome)
        where T : class
    {
        Outcome.From(outcome).OrTurnAway();
        return outcome.Value!;
    }

    /// <inheritdoc cref="OrTurnAway{T}(Outcome{T})"/>
    public static void OrTurnAway(this Outcome outcome)
    {
        if (outcome.Refusal is { } code)
            throw Refused(code, outcome.Message);
    }

    private static ApiException Refused(string code, string message) => code switch
    {
        PollRefusals.SignatureUsed => new(401, "unauthorized", message),
        PollRefusals.TaskNotAssigned => new(409, code, message),
        PollRefusals.TooManySignatures => new(429, "rate_limit_exceeded", message) { RetryAfterSeconds = 60 },
        PollRefusals.TooManySessions => Unavailable(message, 30),
        PollRefusals.Ended or PollRefusals.Stopping => Unavailable(message, 1),
        _ => Unavailable(message, 2),
    };

    private static ApiException Unavailable(string message, int seconds) => new(503, "service_unavailable", message) { RetryAfterSeconds = seconds };
}
