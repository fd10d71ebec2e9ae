namespace CocoonPool.Adapters.Postgres.Commits;

/// <summary>
/// Look-ups of many keys by their index for the rest of the transaction. Plans are kept for a session: one that was made while a table
/// was small would read it whole for each key when it is large, until somebody analyzes it.
/// </summary>
internal static class PlanByIndex
{
    public const string Statement = "set local enable_seqscan = off";
}
