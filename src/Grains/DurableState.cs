namespace CocoonPool.Grains;

/// <summary>How grains write their state.</summary>
internal static class DurableState
{
    /// <summary>
    /// The number of the next change of a state whose row in a directory follows it. It grows also past a version of the program that
    /// did not keep it: it is never less than the clock's milliseconds.
    /// </summary>
    public static long NextRevision(long revision, TimeProvider time) => Math.Max(revision + 1, time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>
    /// Writes, or ends the activation. A write that failed leaves memory ahead of storage: a repeat of the call would find its work
    /// done and be told so, and the next crash would take it back. The next activation reads what is really stored.
    /// </summary>
    /// <param name="before">What has to be durable before the state is, such as the announcement of the change.</param>
    public static Task WriteOrEnd<T>(this Grain grain, IPersistentState<T> state, Func<Task>? before = null) =>
        grain.OrEnd(() => before is null ? state.WriteStateAsync() : WriteAfter(before, state));

    /// <summary>The same for another durable write that a change of memory waits for, such as its audit line.</summary>
    public static async Task OrEnd(this Grain grain, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch
        {
            ((IGrainBase)grain).DeactivateOnIdle();
            throw;
        }
    }

    private static async Task WriteAfter<T>(Func<Task> before, IPersistentState<T> state)
    {
        await before();
        await state.WriteStateAsync();
    }
}
