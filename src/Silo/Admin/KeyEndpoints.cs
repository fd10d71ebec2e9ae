using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Admin;

/// <summary>API keys.</summary>
public static class KeyEndpoints
{
    public sealed record CreateKey(string Role, string Subject, string? Label);

    public static void MapKeys(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/keys", async (CreateKey body, ApiKeys keys, PoolSettings settings, CancellationToken cancellationToken) =>
        {
            if (!ApiKeys.Roles.Contains(body.Role, StringComparer.Ordinal))
                throw ApiException.Invalid("role is operator, participant or client.");
            if (body.Subject is not { Length: > 0 and <= 100 } || body.Label is { Length: > 100 })
                throw ApiException.Invalid("subject is a participant's address or a client's name; label is a short text.");
            var subject = string.Equals(body.Role, Permissions.ParticipantRole, StringComparison.Ordinal)
                ? Names.Address(body.Subject, settings).ToString()
                : body.Subject;
            var (id, key) = await keys.Create(settings.Id, body.Role, subject, body.Label ?? "", cancellationToken);
            return Results.Json(new { id, role = body.Role, subject, key }, ApiJson.Options, statusCode: 201);
        }).Requires(Permission.Operate).WithSummary("Creates an API key; it is shown this once.");
}
