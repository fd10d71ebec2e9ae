namespace CocoonPool.Silo.Live;

/// <summary>What one connection is subscribed to now: said by the listener, looked at by its feeds.</summary>
public sealed class EventSubscription
{
    private EventSelection? _selection;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null while no events are wanted.</summary>
    public EventSelection? Selection => Volatile.Read(ref _selection);

    public bool WantsOverview => Selection is not { Overview: false };

    /// <summary>Completes with the next change. Take it before looking at what is wanted, and no change is missed.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public void Set(EventSelection? selection)
    {
        Volatile.Write(ref _selection, selection);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
