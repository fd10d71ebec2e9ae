using Npgsql;

namespace CocoonPool.Adapters.Postgres;

/// <summary>
/// Rows of a directory that may be behind their grains: the grain marks itself before it writes its state, and its row takes the mark
/// away. So a crash between the two is known to whoever reads the rows, at the price of one small row while a change is made.
/// </summary>
internal static class DirectoryMarks
{
    public const string Participants = "participant";
    public const string Workers = "worker";

    /// <summary>Takes the mark away together with the row that was written; of <c>@poolId</c>, <c>@kind</c>, <c>@key</c> and <c>@revision</c>.</summary>
    public const string Clear = "delete from directory_marks where pool_id = @poolId and kind = @kind and key = @key and revision <= @revision";

    public static Task Announce(NpgsqlDataSource database, string poolId, string kind, string key, long revision, CancellationToken cancellationToken) => database.Execute(
        """
        insert into directory_marks (pool_id, kind, key, revision) values (@poolId, @kind, @key, @revision)
        on conflict (pool_id, kind, key) do update set revision = greatest(directory_marks.revision, excluded.revision)
        """,
        new { poolId, kind, key, revision }, cancellationToken);

    public static Task<List<string>> Behind(NpgsqlDataSource database, string poolId, string kind, CancellationToken cancellationToken) =>
        database.Query<string>("select key from directory_marks where pool_id = @poolId and kind = @kind order by key", new { poolId, kind }, cancellationToken);
}
