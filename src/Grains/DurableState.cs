namespace CocoonPool.Grains;

/// <summary>How grains write their state.</summary>
internal static class DurableState
{
    /// <summary>
    /// Writes, or ends the activation. A write that failed leaves memory ahead of storage: a repeat of the call would find its work
    /// done and be told so, and the next crash would take it back. The next activation reads what is really stored.
    /// </summary>
    public static Task WriteOrEnd<T>(this Grain grain, IPersistentState<T> state) => grain.OrEnd(state.WriteStateAsync());

    /// <summary>The same for what has to be durable before the state is, such as its audit line.</summary>
    public static async Task OrEnd(this Grain grain, Task write)
    {
        try
        {
            await write;
        }
        catch
        {
            ((IGrainBase)grain).DeactivateOnIdle();
            throw;
        }
    }
}
