using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using CocoonPool.Domain.Limits;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Api;

/// <summary>Which limit a request counts against.</summary>
public enum RateClass
{
    /// <summary>Never limited.</summary>
    None = 0,
    Inference = 1,

    /// <summary>Reading. What an endpoint with GET counts as unless it says otherwise.</summary>
    Queries = 2,

    /// <summary>Changing something. What every other endpoint counts as.</summary>
    Admin = 3,

    /// <summary>Counted for each worker, by the endpoint itself: <see cref="RateLimits.Demand"/>.</summary>
    Heartbeats = 4,

    /// <summary>Keys that nobody has, counted for each network: each costs a look into the database, and only guessing costs many.</summary>
    UnknownKeys = 5,
}

/// <summary>Requests of one key, or of one address without a key. Section <c>RateLimits</c>; 0 is no limit. Each silo counts for itself.</summary>
public sealed class RateLimitOptions
{
    [Range(0, 100_000_000, ErrorMessage = "RateLimits:InferencePerMinute is 0 (no limit) to 100000000.")]
    public int InferencePerMinute { get; set; } = 100;

    [Range(0, 100_000_000, ErrorMessage = "RateLimits:QueriesPerMinute is 0 (no limit) to 100000000.")]
    public int QueriesPerMinute { get; set; } = 1000;

    [Range(0, 100_000_000, ErrorMessage = "RateLimits:AdminPerMinute is 0 (no limit) to 100000000.")]
    public int AdminPerMinute { get; set; } = 60;

    /// <summary>For each worker that polls.</summary>
    [Range(0, 100_000_000, ErrorMessage = "RateLimits:HeartbeatsPerHour is 0 (no limit) to 100000000.")]
    public int HeartbeatsPerHour { get; set; } = 240;

    /// <summary>For each network.</summary>
    [Range(0, 100_000_000, ErrorMessage = "RateLimits:UnknownKeysPerMinute is 0 (no limit) to 100000000.")]
    public int UnknownKeysPerMinute { get; set; } = 60;

    internal RateLimit Of(RateClass rate) => rate switch
    {
        RateClass.Inference => new(InferencePerMinute, TimeSpan.FromMinutes(1)),
        RateClass.Queries => new(QueriesPerMinute, TimeSpan.FromMinutes(1)),
        RateClass.Admin => new(AdminPerMinute, TimeSpan.FromMinutes(1)),
        RateClass.Heartbeats => new(HeartbeatsPerHour, TimeSpan.FromHours(1)),
        RateClass.UnknownKeys => new(UnknownKeysPerMinute, TimeSpan.FromMinutes(1)),
        _ => default,
    };
}

/// <summary>The limit that an endpoint names.</summary>
public sealed record NamedRate(RateClass Class);

/// <summary>Counts requests by class and caller. Its memory is bounded: windows that are over are forgotten first, then the rest.</summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private const int MostCallers = 100_000;

    private readonly ConcurrentDictionary<(RateClass Class, string Caller), Counter> _counters = new();

    /// <summary>Counts one request. Null when the class has no limit.</summary>
    public RateDecision? Take(RateClass rate, string caller, out RateLimit limit)
    {
        limit = options.Value.Of(rate);
        if (limit.Requests == 0)
            return null;
        if (_counters.Count >= MostCallers)
            Forget();
        return _counters.GetOrAdd((rate, caller), _ => new()).Take(limit, time.GetUtcNow());
    }

    /// <summary>True when the caller's next request of this class would be beyond the limit. Counts nothing.</summary>
    public bool IsSpent(RateClass rate, string caller) =>
        options.Value.Of(rate) is { Requests: > 0 } limit && _counters.TryGetValue((rate, caller), out var counter) && counter.IsFull(limit, time.GetUtcNow());

    /// <summary>Counts one request and refuses it beyond the limit, with the headers that say when to come back.</summary>
    /// <exception cref="ApiException">429: too many.</exception>
    public void Demand(HttpContext context, RateClass rate, string caller)
    {
        if (Take(rate, caller, out var limit) is not { } decision)
            return;
        var seconds = (int)Math.Ceiling(decision.Reset.TotalSeconds);
        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = $"{limit.Requests}";
        headers["X-RateLimit-Remaining"] = $"{decision.Remaining}";
        headers["X-RateLimit-Reset"] = $"{seconds}";
        if (!decision.Allowed)
        {
            throw new ApiException(429, "rate_limit_exceeded", $"More than {limit.Requests} requests in {limit.Window.TotalMinutes:0} minutes; wait {seconds} s.")
            {
                RetryAfterSeconds = seconds,
            };
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var old in _counters.Where(c => c.Value.IsOver(options.Value.Of(c.Key.Class), now)))
            _counters.TryRemove(old);
        if (_counters.Count >= MostCallers)
            _counters.Clear();
    }

    private sealed class Counter
    {
        private readonly Lock _lock = new();
        private RateWindow _window;

        public RateDecision Take(RateLimit limit, DateTimeOffset now)
        {
            lock (_lock)
            {
                _window = _window.Take(limit, now, out var decision);
                return decision;
            }
        }

        public bool IsFull(RateLimit limit, DateTimeOffset now)
        {
            lock (_lock)
                return _window.IsFull(limit, now);
        }

        public bool IsOver(RateLimit limit, DateTimeOffset now)
        {
            lock (_lock)
                return limit.Requests == 0 || now.UtcTicks / limit.Window.Ticks > _window.Number + 1;
        }
    }
}

/// <summary>Counts every request against the limit of its endpoint, for its key or, without one, for its address. Health is never limited.</summary>
public sealed class RateLimiter(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && ClassOf(endpoint, context.Request) is not (RateClass.None or RateClass.Heartbeats) and var rate)
            limits.Demand(context, rate, context.Holder()?.KeyId ?? $"ip:{context.SourceNetwork()}");
        return next(context);
    }

    private static RateClass ClassOf(Endpoint endpoint, HttpRequest request)
    {
        if (endpoint.Metadata.GetMetadata<NamedRate>() is { } named)
            return named.Class;
        // An agent's stream is one request for its whole life, and scraping is the operator's own.
        if (request.Path.Value is "/health" or "/ready" or "/metrics" || endpoint.Metadata.GetMetadata<RequiredPermission>()?.Permission == Permission.WorkerLink)
            return RateClass.None;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? RateClass.Queries : RateClass.Admin;
    }
}

/// <summary>Puts the limits into a host, and onto endpoints.</summary>
public static class RateLimitHosting
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<RateLimits>();
    }

    /// <summary>Names the limit that an endpoint counts against, where the method does not say it.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder endpoint, RateClass rate)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NamedRate(rate));
}
