using CocoonPool.Domain.Routing;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>Which worker would be chosen, and why.</summary>
public static class AssignmentEndpoints
{
    public sealed record AssignRequest(string Model, long? ContextTokens, string? Region, string? Attestation, int? MaxCoefficient, string? Conversation);

    internal static void MapAssignment(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/optimization/assign", async (AssignRequest body, InferenceDispatcher dispatcher) =>
        {
            if (body.Model is not { Length: > 0 and <= 200 })
                throw new ApiException(400, "invalid_model", "'model' is missing; GET /v1/models lists what this pool serves.");
            var queue = await dispatcher.Queue(body.Model);
            var needs = new RouteNeeds(body.ContextTokens ?? 0, body.Region, body.Attestation, body.MaxCoefficient, queue.Terms.MinVramGb);
            var prefix = body.Conversation is { Length: > 0 } beginning ? PrefixHash.Of(beginning) : 0;
            var offers = queue.Explain(needs, prefix).OrderBy(o => o.Refusal is not null).ThenBy(o => o.Score).Select(o => new
            {
                workerId = o.Offer.Route.Worker.Value,
                o.Score,
                eligible = o.Refusal is null,
                reason = o.Refusal is { } refusal ? Word(refusal) : null,
                running = o.Offer.Slots.Running,
                o.Offer.MaxConcurrency,
                o.Offer.Route.Coefficient,
                o.Offer.Reputation,
                o.Offer.Route.Region,
                latencyMs = o.Offer.Standing.LatencyMicroseconds / 1000,
            }).ToList();
            return new
            {
                body.Model,
                policy = queue.Terms.Policy.Name,
                waiting = queue.Waiting,
                chosen = offers.Find(o => o.eligible),
                alternatives = offers.Skip(offers.Exists(o => o.eligible) ? 1 : 0),
                explanation = "The lowest score is the best; a policy with chance in it often, but not always, takes the best. Nothing is reserved.",
            };
        }).Requires(Permission.Infer).Limited(RateClass.Queries).WithSummary("Which worker would serve a request now, with every worker's score; reserves nothing.");

    private static string Word(RouteRefusal refusal) => refusal switch
    {
        RouteRefusal.ContextTooShort => "context_too_short",
        RouteRefusal.VramTooSmall => "vram_too_small",
        RouteRefusal.OtherRegion => "other_region",
        RouteRefusal.NotAttested => "not_attested",
        RouteRefusal.TooExpensive => "too_expensive",
        RouteRefusal.Failing => "failing",
        _ => "no_free_slot",
    };
}
