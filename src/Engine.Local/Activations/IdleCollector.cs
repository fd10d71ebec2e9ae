namespace CocoonPool.Engine.Local;

/// <summary>
/// Ends activations that nobody uses. Above the memory limit it lowers every age limit, so that memory is won back
/// from the longest idle first.
/// </summary>
internal sealed class IdleCollector(LocalEngine engine) : IDisposable
{
    private const int PressureDivisor = 10;

    private ITimer? _timer;

    public void Start()
    {
        var quantum = engine.Options.CollectionQuantum;
        _timer = engine.Time.CreateTimer(static self => ((IdleCollector)self!).Collect(), this, quantum, quantum);
    }

    public void Dispose() => _timer?.Dispose();

    private bool IsPressed(GCMemoryInfo memory) => memory.MemoryLoadBytes > memory.TotalAvailableMemoryBytes * engine.Options.MemoryLimitPercent / 100.0;

    private void Collect()
    {
        var pressed = engine.Options.MemoryLimitPercent < 100 && IsPressed(GC.GetGCMemoryInfo());
        var code = pressed ? DeactivationReasonCode.HighMemoryPressure : DeactivationReasonCode.ActivationIdle;
        foreach (var activation in engine.Directory.All.Where(IsIdle).OrderBy(a => a.Number))
        {
            activation.Deactivate(new DeactivationReason(code, "No request for its age limit."));
        }

        bool IsIdle(Activation activation)
        {
            var age = activation.Class.CollectionAge ?? engine.Options.CollectionAge;
            return age != Timeout.InfiniteTimeSpan && activation.IsIdle(pressed ? age / PressureDivisor : age);
        }
    }
}
