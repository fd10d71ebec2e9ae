using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;
using CocoonPool.Silo.Metering;

namespace CocoonPool.Silo.Admin;

/// <summary>API keys.</summary>
public static class KeyEndpoints
{
    public sealed record CreateKey(string Role, string Subject, string? Label);

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/keys", async (CreateKey body, HttpContext context, ApiKeys keys, PoolSettings settings, CancellationToken cancellationToken) =>
        {
            if (!ApiKeys.Roles.Contains(body.Role, StringComparer.Ordinal))
                throw ApiException.Invalid($"role is one of {string.Join(", ", ApiKeys.Roles)}.");
            if (body.Subject is not { Length: > 0 and <= 100 } || body.Label is { Length: > 100 })
                throw ApiException.Invalid("subject is a participant's address or a client's name; label is a short text.");
            if (ClientName.IsOfAPerson(body.Subject))
                throw ApiException.Invalid("Names that begin like this are those of people, who have balances of their own; choose another for the key.");
            var subject = string.Equals(body.Role, Permissions.ParticipantRole, StringComparison.Ordinal)
                ? Names.Address(body.Subject, settings).ToString()
                : body.Subject;
            var (id, key) = await keys.Create(settings.Id, body.Role, subject, body.Label ?? "", cancellationToken);
            context.Audit(@object: id, after: new { body.Role, subject, body.Label });
            return Results.Json(new { id, role = body.Role, subject, key }, ApiJson.Options, statusCode: 201);
        }).Requires(Permission.Operate).WithSummary("Creates an API key; it is shown this once.");
        routes.MapGet("/api/v1/keys", async (ApiKeys keys, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
            ApiJson.Page(await keys.List(settings.Id, cancellationToken), limit, cursor)).Requires(Permission.ReadUsers).WithSummary("All API keys, without the keys.");
        routes.MapDelete("/api/v1/keys/{id}", async (string id, HttpContext context, ApiKeys keys, PoolSettings settings, CancellationToken cancellationToken) =>
        {
            context.Audit(before: (await keys.List(settings.Id, cancellationToken)).Find(k => string.Equals(k.Id, id, StringComparison.Ordinal)));
            return await keys.Revoke(settings.Id, id, cancellationToken) ? Results.Json(new { id, revoked = true }, ApiJson.Options) : throw ApiException.NotFound("There is no such key.");
        })
            .Requires(Permission.EndSessions).WithSummary("Revokes an API key; it is shut out within five seconds.");
    }
}
