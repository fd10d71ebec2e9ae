namespace CocoonPool.Grains;

/// <summary>How grains write their state.</summary>
internal static class DurableState
{
    /// <summary>
    /// Writes, or ends the activation. A write that failed leaves memory ahead of storage: a repeat of the call would find its work
    /// done and be told so, and the next crash would take it back. The next activation reads what is really stored.
    /// </summary>
    public static async Task WriteOrEnd<T>(this Grain grain, IPersistentState<T> state)
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            ((IGrainBase)grain).DeactivateOnIdle();
            throw;
        }
    }
}
