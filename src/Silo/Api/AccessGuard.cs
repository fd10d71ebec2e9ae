using System.Collections.Concurrent;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Grains;
using CocoonPool.Silo.Auth;

namespace CocoonPool.Silo.Api;

/// <summary>Lets a request through when its caller's role has the permission that the endpoint names; an endpoint that names none is shut.</summary>
public sealed class AccessGuard(RequestDelegate next, ApiKeys keys, AccessTokens tokens, RateLimits limits, PoolSettings settings, TimeProvider time)
{
    /// <summary>
    /// How long an API key is believed without asking the database: the longest that a revoked key lives on, by the clock that only goes
    /// forward. Sessions are always asked for.
    /// </summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);
    private const int MostRemembered = 10_000;
    private const int LongestToken = 400;

    private readonly ConcurrentDictionary<string, (KeyHolder Holder, long Since)> _remembered = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || MethodRefusal.Is(endpoint))
        {
            await next(context);
            return;
        }
        var permission = endpoint.Metadata.GetMetadata<RequiredPermission>()?.Permission
            ?? throw new ApiException(403, "forbidden", "This address is not open to anybody.");
        if (!Permissions.IsOpen(permission))
        {
            // Somebody before may have said who it is; the load test's profile does.
            var holder = context.Holder() ?? await Authenticate(context);
            context.SetHolder(holder);
            if (!Permissions.Allows(permission, holder.Role))
                throw new ApiException(403, "forbidden", $"The role '{holder.Role}' may not do this.");
            // What one caller may see is not for the next one who sits at the same browser or behind the same proxy.
            if (permission is not Permission.Infer)
                context.Response.Headers.CacheControl = "no-store";
        }
        else if (endpoint.Metadata.GetMetadata<CallerIsRecognised>() is not null && await Recognise(context) is { } known)
        {
            context.SetHolder(known);
        }
        await next(context);
    }

    private async Task<KeyHolder> Authenticate(HttpContext context)
    {
        if (Presented(context.Request) is { } presented)
            return await OfCredential(context, presented);
        if (context.Request.Cookies[SessionCookies.Access] is { Length: > 0 and <= LongestToken } cookie)
            return await OfCookie(context, cookie) ?? throw SignInAgain();
        throw new ApiException(401, "unauthorized", "Send your API key as 'Authorization: Bearer ck_…' or 'X-API-Key: ck_…', or sign in.");
    }

    /// <summary>
    /// Who somebody is at a door that is open to strangers; null for a stranger. A credential that somebody chose to send has to be good,
    /// while a browser sends the cookie of a session that is over by itself: its page sees what strangers see.
    /// </summary>
    private async Task<KeyHolder?> Recognise(HttpContext context)
    {
        if (Presented(context.Request) is { } presented)
            return await OfCredential(context, presented);
        return context.Request.Cookies[SessionCookies.Access] is { Length: > 0 and <= LongestToken } cookie ? await OfCookie(context, cookie) : null;
    }

    private async Task<KeyHolder> OfCredential(HttpContext context, string presented) => presented.StartsWith(AccessTokens.AccessPrefix, StringComparison.Ordinal)
        ? await tokens.Find(presented, context.RequestAborted) ?? throw SignInAgain()
        : await OfKey(context, presented);

    /// <summary>Null when the session is over.</summary>
    private async Task<KeyHolder?> OfCookie(HttpContext context, string cookie)
    {
        var holder = cookie.StartsWith(AccessTokens.AccessPrefix, StringComparison.Ordinal) ? await tokens.Find(cookie, context.RequestAborted) : null;
        if (holder is not null)
            SessionCookies.MustBeOurPage(context, tokens, holder.Session!.Value);
        return holder;
    }

    private async Task<KeyHolder> OfKey(HttpContext context, string key)
    {
        var (now, network) = (time.GetTimestamp(), context.SourceNetwork());
        if (_remembered.TryGetValue(key, out var known) && time.GetElapsedTime(known.Since, now) < Believed)
            return known.Holder;
        // Before the database is asked: whoever sends keys that nobody has in masses is not served by it.
        if (limits.IsSpent(RateClass.UnknownKeys, network))
            throw new ApiException(429, "rate_limit_exceeded", "Too many unknown keys came from your network; wait a minute.") { RetryAfterSeconds = 60 };
        var holder = await keys.Find(settings.Id, key, context.RequestAborted);
        if (holder is null)
        {
            _remembered.TryRemove(key, out _);
            limits.Take(RateClass.UnknownKeys, network, out _);
            throw new ApiException(401, "unauthorized", "This API key is unknown or revoked.");
        }
        if (_remembered.Count >= MostRemembered)
            _remembered.Clear();
        _remembered[key] = (holder, now);
        return holder;
    }

    private static ApiException SignInAgain() => new(401, "unauthorized", "This session is over or was ended; sign in again.");

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers["X-API-Key"] is [{ Length: > 0 and <= LongestToken } own])
            return own;
        return request.Headers.Authorization is [{ Length: <= LongestToken } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : null;
    }
}
