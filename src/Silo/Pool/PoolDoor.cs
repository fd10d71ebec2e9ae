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
    private static readonly TimeSpan Known = TimeSpan.FromMilliseconds(500);
    private const int RetryAfterSeconds = 30;

    private volatile KnownState? _known;

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsNewTask(context) && await State() is var state and not PoolState.Active)
        {
            throw new ApiException(503, "maintenance", $"The pool is {(state == PoolState.Maintenance ? "in maintenance" : state.ToString().ToLowerInvariant())} and takes no new tasks; {(state == PoolState.Closed ? "use another pool." : "try again later.")}")
            {
                RetryAfterSeconds = state == PoolState.Closed ? null : RetryAfterSeconds,
            };
        }
        await next(context);
    }

    private static bool IsNewTask(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Permission == Permission.Infer;

    private async Task<PoolState> State()
    {
        var now = time.GetUtcNow();
        if (_known is { } known && known.Until > now)
            return known.State;
        var state = (await grains.GetGrain<IPoolGrain>(settings.Id).Terms())?.State ?? PoolState.Active;
        _known = new(state, now + Known);
        return state;
    }

    private sealed record KnownState(PoolState State, DateTimeOffset Until);
}
