using CocoonPool.Domain.Routing;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>The back end refused the request: its own document goes to the client as it came.</summary>
public sealed class BackendRefusedException(int status, byte[] document) : Exception("The back end refused the request.")
{
    public int Status { get; } = status;

    public ReadOnlyMemory<byte> Document { get; } = document;
}

/// <summary>What clients are told when a request gets no answer.</summary>
internal static class AnswerErrors
{
    /// <summary>A worker's failure as the client sees it: its own mistakes as they are, the worker's as a gateway error.</summary>
    public static ApiException Of(InferenceEnd end) => end.Status switch
    {
        >= 400 and < 500 => new(end.Status, end.Code ?? "invalid_request", end.Message) { RetryAfterSeconds = end.Status == 429 ? 1 : null },
        503 => new(503, "no_worker_available", "The workers for this model take no request right now; try again.") { RetryAfterSeconds = 1 },
        504 => new(504, "gateway_timeout", "The worker did not answer in time; try again."),
        _ => new(502, "bad_gateway", "The worker failed before it answered, and so did the others that were tried; try again."),
    };

    public static ApiException NotAdmitted(string model, AdmissionRefusal? refusal) => refusal == AdmissionRefusal.QueueFull
        ? new(429, "rate_limit_exceeded", $"Too many requests wait for '{model}'; try again, or with a higher priority.") { RetryAfterSeconds = 2 }
        : new(429, "rate_limit_exceeded", $"All workers for '{model}' are busy; try again.") { RetryAfterSeconds = 1 };

    /// <summary>Nobody who is online now fulfils what the request needs; says what stands in the way.</summary>
    public static ApiException NoWorker(string model, IReadOnlyList<RouteOffer> offers, RouteNeeds needs)
    {
        if (offers.Count == 0)
            return new(503, "no_worker_available", $"No worker for '{model}' is online now; try again.") { RetryAfterSeconds = 5 };
        var refusals = offers.Select(o => RouteConstraints.Check(o.Facts, needs)).Distinct().ToList();
        if (refusals is [RouteRefusal.ContextTooShort])
        {
            return new(400, "context_length_exceeded",
                $"The request needs at least {needs.ContextTokens} tokens of context and the workers for '{model}' have {offers.Max(o => o.MaxContextLength)}; shorten the prompt or lower max_tokens.");
        }
        var reasons = string.Join(", ", refusals.Select(r => r switch
        {
            RouteRefusal.ContextTooShort => "has enough context",
            RouteRefusal.VramTooSmall => "has enough memory",
            RouteRefusal.OtherRegion => $"is in the region '{needs.Region}'",
            RouteRefusal.NotAttested => $"has a verified '{needs.Attestation}' attestation",
            RouteRefusal.TooExpensive => $"has a coefficient of at most {needs.MaxCoefficient}",
            _ => "fits",
        }));
        return new(503, "no_worker_available", $"No worker for '{model}' that {reasons} is online now; relax the constraint or try again.") { RetryAfterSeconds = 5 };
    }
}
