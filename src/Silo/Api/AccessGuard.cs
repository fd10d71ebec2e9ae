using System.Collections.Concurrent;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Grains;

namespace CocoonPool.Silo.Api;

/// <summary>Lets a request through when its caller's role has the permission that the endpoint names; an endpoint that names none is shut.</summary>
public sealed class AccessGuard(RequestDelegate next, ApiKeys keys, PoolSettings settings, TimeProvider time)
{
    /// <summary>How long a key is believed without asking the database: the longest that a revoked key lives on.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, (KeyHolder Holder, DateTimeOffset Until)> _remembered = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            await next(context);
            return;
        }
        var permission = endpoint.Metadata.GetMetadata<RequiredPermission>()?.Permission
            ?? throw new ApiException(403, "forbidden", "This address is not open to anybody.");
        if (!Permissions.IsOpen(permission))
        {
            var holder = await Authenticate(context);
            if (!Permissions.Allows(permission, holder.Role))
                throw new ApiException(403, "forbidden", $"A key of the role '{holder.Role}' may not do this.");
            context.SetHolder(holder);
        }
        await next(context);
    }

    private async Task<KeyHolder> Authenticate(HttpContext context)
    {
        var key = Presented(context.Request)
            ?? throw new ApiException(401, "unauthorized", "Send your API key as 'Authorization: Bearer ck_…' or 'X-API-Key: ck_…'.");
        var now = time.GetUtcNow();
        if (_remembered.TryGetValue(key, out var known) && known.Until > now)
            return known.Holder;
        var holder = await keys.Find(settings.Id, key, context.RequestAborted);
        if (holder is null)
        {
            _remembered.TryRemove(key, out _);
            throw new ApiException(401, "unauthorized", "This API key is unknown or revoked.");
        }
        if (_remembered.Count >= MostRemembered)
            _remembered.Clear();
        _remembered[key] = (holder, now + Believed);
        return holder;
    }

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers["X-API-Key"] is [{ Length: > 0 and <= 200 } own])
            return own;
        return request.Headers.Authorization is [{ Length: <= 220 } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : null;
    }
}
