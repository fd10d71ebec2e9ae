using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Pool;

/// <summary>
/// Turns new tasks away while the pool is paused, in maintenance or closed; running ones go on, and everything else stays open. The
/// pool's state is known here for a moment, so that no request waits for the pool's grain.
/// </summary>
public sealed class PoolDoor(RequestDelegate next, IGrainFactory grains, PoolSettings settings, TimeProvider time)
{
    /// <summary>By the clock that only goes forward: one that is set back would keep an old state known for as long.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromMilliseconds(500);
    private const int RetryAfterSeconds = 30;

    /// <summary>A window may be over earlier than it was announced, so nobody is sent away for longer.</summary>
    private const int LongestRetryAfterSeconds = 3_600;

    private volatile KnownState? _known;

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsNewTask(context) && await State() is { State: var state and not PoolState.Active } known)
        {
            throw new ApiException(503, "maintenance", $"The pool is {(state == PoolState.Maintenance ? "in maintenance" : state.ToString().ToLowerInvariant())} and takes no new tasks; {(state == PoolState.Closed ? "use another pool." : "try again later.")}")
            {
                RetryAfterSeconds = state == PoolState.Closed ? null : RetryAfter(state, known.MaintenanceUntil),
            };
        }
        await next(context);
    }

    private static bool IsNewTask(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Permission == Permission.Infer;

    private int RetryAfter(PoolState state, DateTimeOffset? maintenanceUntil) => state == PoolState.Maintenance && maintenanceUntil is { } end
        ? (int)Math.Clamp((end - time.GetUtcNow()).TotalSeconds, 1, LongestRetryAfterSeconds)
        : RetryAfterSeconds;

    private async Task<KnownState> State()
    {
        var now = time.GetTimestamp();
        if (_known is { } known && time.GetElapsedTime(known.Since, now) < Known)
            return known;
        var terms = await grains.GetGrain<IPoolGrain>(settings.Id).Terms();
        return _known = new(terms?.State ?? PoolState.Active, terms?.MaintenanceUntil, now);
    }

    private sealed record KnownState(PoolState State, DateTimeOffset? MaintenanceUntil, long Since);
}
