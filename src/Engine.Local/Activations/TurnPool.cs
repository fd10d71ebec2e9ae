namespace CocoonPool.Engine.Local;

/// <summary>
/// Where turns get their threads. Every piece of work of the engine passes through here, so that a seeded pool can
/// decide the order of everything.
/// </summary>
public interface ITurnPool
{
    /// <summary>Runs <paramref name="turns"/> soon, exactly once per call, and never inside this call.</summary>
    void Schedule(IThreadPoolWorkItem turns);

    /// <summary>After this many turns in a row an owner goes to the back of the queue, so that a busy one starves nobody.</summary>
    int TurnsInARow => 64;
}

/// <summary>Turns on the threads of the process.</summary>
internal sealed class ThreadTurnPool : ITurnPool
{
    public void Schedule(IThreadPoolWorkItem turns) => ThreadPool.UnsafeQueueUserWorkItem(turns, preferLocal: false);
}
