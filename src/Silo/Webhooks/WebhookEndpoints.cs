using CocoonPool.Adapters.Postgres.Webhooks;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;
using CocoonPool.Silo.Hosting;
using CocoonPool.Silo.Live;

namespace CocoonPool.Silo.Webhooks;

/// <summary>Asking to be told, and looking at what was told.</summary>
public static class WebhookEndpoints
{
    private const int MostWebhooks = 100;

    /// <summary>Older ones are looked up in the database.</summary>
    private const int MostDeliveries = 10_000;

    public sealed record CreateWebhook(string Url, string[] Events, string Secret);

    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration("Webhooks")
            .Validate(o => o.AllowedNetworks.All(n => System.Net.IPNetwork.TryParse(n, out _)), "Webhooks:AllowedNetworks has networks such as 10.1.0.0/16.").ValidateOnStart();
        return services.AddSingleton<WebhookStore>().AddSingleton<WebhookSender>().AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/webhooks", Create).Requires(Permission.ManageWebhooks).WithSummary("Asks to be told of events from now on, of those that the caller may read; deliveries are signed with the secret.");
        routes.MapGet("/api/v1/webhooks", async (WebhookStore store, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
            ApiJson.Page(await store.List(settings.Id, cancellationToken), limit, cursor)).Requires(Permission.ManageWebhooks).WithSummary("All webhooks, without their secrets.");
        routes.MapDelete("/api/v1/webhooks/{id:guid}", async (Guid id, HttpContext context, WebhookStore store, PoolSettings settings, CancellationToken cancellationToken) =>
        {
            context.Audit(before: (await store.List(settings.Id, cancellationToken)).FirstOrDefault(w => w.Id == id));
            return await store.Remove(settings.Id, id, cancellationToken) ? Results.Json(new { id, removed = true }, ApiJson.Options) : throw ApiException.NotFound("There is no such webhook.");
        })
            .Requires(Permission.ManageWebhooks).WithSummary("Tells it no more.");
        routes.MapGet("/api/v1/webhooks/deliveries", async (WebhookStore store, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
            ApiJson.Page(await store.Deliveries(settings.Id, MostDeliveries, cancellationToken), limit, cursor)).Requires(Permission.ManageWebhooks).WithSummary("The newest deliveries and how they went.");
        routes.MapPost("/api/v1/webhooks/deliveries/{id:guid}/replay", async (Guid id, WebhookStore store, PoolSettings settings, CancellationToken cancellationToken) =>
            await store.Replay(settings.Id, id, cancellationToken) ? Results.Json(new { id, replayed = true }, ApiJson.Options) : throw ApiException.NotFound("There is no such delivery, or its webhook was removed."))
            .Requires(Permission.ManageWebhooks).WithSummary("Sends a delivery once more.");
    }

    private static async Task<IResult> Create(CreateWebhook body, HttpContext context, WebhookStore store, WebhookSender sender, PoolSettings settings, IHostEnvironment environment, CancellationToken cancellationToken)
    {
        if (OutboundHttp.Problem(body.Url, environment.IsDevelopment()) is { } problem)
            throw ApiException.Invalid(problem);
        if (body.Events is not { Length: > 0 } || !Array.TrueForAll(body.Events, name => name is not null && EventKinds.Find(name) is not null))
            throw ApiException.Invalid($"events are some of {string.Join(", ", EventKinds.All.Select(kind => kind.Name))}.");
        // A webhook tells nobody what they may not read.
        if (Array.Find(body.Events, name => !context.Listener().MayAskFor(EventKinds.Find(name)!)) is { } hidden)
            throw new ApiException(403, "forbidden", $"The role '{context.Holder()!.Role}' may not be told of {hidden}.");
        if (body.Secret is not { Length: >= 16 and <= 200 })
            throw ApiException.Invalid("secret has 16 to 200 characters; deliveries are signed with it.");
        if ((await store.List(settings.Id, cancellationToken)).Count >= MostWebhooks)
            throw new ApiException(409, "conflict", $"There are {MostWebhooks} webhooks already; remove one first.");
        var id = Guid.CreateVersion7();
        await store.Add(settings.Id, id, body.Url, [.. body.Events.Distinct(StringComparer.Ordinal)], sender.Seal(body.Secret), context.Holder()!.Subject, cancellationToken);
        return Results.Json(new { id, body.Url, body.Events }, ApiJson.Options, statusCode: 201);
    }
}
