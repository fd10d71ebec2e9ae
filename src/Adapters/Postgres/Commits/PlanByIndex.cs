namespace CocoonPool.Adapters.Postgres.Commits;

/// <summary>
/// Look-ups of many keys by their index for the rest of the transaction. Plans are kept for a session: one that was made while a table
/// was small would read it whole for each key when it is large, until somebody analyzes it.
/// </summary>
/// <remarks>
/// PostgreSQL says "do not" by a price beyond all others, and a price is also what makes it compile a query to machine code. A table
/// that has nothing but the whole of itself to read would be compiled for every time, for longer than all the rest takes.
/// </remarks>
internal static class PlanByIndex
{
    /// <summary>Columns of a select, for instance of the one that takes the transaction's locks; the rest of the transaction is planned so.</summary>
    public const string Columns = "set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)";
}
