namespace CocoonPool.Engine.Local;

/// <summary>A timer whose ticks are requests of its own activation, so that they take their turn and never overlap.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private static readonly CallShape<Nothing> TickShape =
        (CallShape<Nothing>)CallShape.Of(typeof(IGrainTimerInvoker).GetMethod(nameof(IGrainTimerInvoker.InvokeCallbackAsync))!);

    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly Action<GrainTimer> _onDispose;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _period;
    private TimeSpan? _changed;
    private bool _ticking;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options, Action<GrainTimer> onDispose)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        _onDispose = onDispose;
        using var _ = ExecutionContext.SuppressFlow();
        _timer = activation.Engine.Time.CreateTimer(
            static timer => ((GrainTimer)timer!).Send(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        _period = period;
        if (_ticking) _changed = dueTime;
        else _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (_disposed.IsCancellationRequested) return;
        _disposed.Cancel();
        _timer.Dispose();
        _onDispose(this);
    }

    private void Send()
    {
        _ticking = true;
        var tick = new EngineCall<Nothing>(_activation.Engine, TickShape, [], (_, _) => TickAsync())
        {
            AlwaysInterleave = _options.Interleave,
            KeepsAlive = _options.KeepAlive,
            DiesWithActivation = true,
            Source = _activation,
        };
        _activation.TryReceive(tick);
    }

    private async ValueTask<Nothing> TickAsync()
    {
        if (_disposed.IsCancellationRequested) return default;
        try
        {
            await _callback(_disposed.Token);
        }
        catch (Exception failure)
        {
            _activation.Engine.TimerFailed(_activation.GrainId, failure);
            if (failure is InconsistentStateException) throw;
        }
        finally
        {
            _ticking = false;
            var next = _changed ?? _period;
            _changed = null;
            if (!_disposed.IsCancellationRequested) _timer.Change(next, Timeout.InfiniteTimeSpan);
        }

        return default;
    }
}

/// <summary>What call filters see of a timer tick; the name is that of Orleans.</summary>
[InterfaceName(nameof(IGrainTimerInvoker))]
internal interface IGrainTimerInvoker : IAddressable
{
    Task InvokeCallbackAsync();
}
