using CocoonPool.Domain.Audit;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Audit;

/// <summary>What the check of the whole log found.</summary>
/// <param name="From">The first line that is still kept; retention removed those before it.</param>
public sealed record AuditVerification(long From, long Lines, string Head, string? FirstProblem);

/// <summary>The audit log in PostgreSQL: lines are added in one order for each pool, under the lock on its head.</summary>
public sealed class AuditLog(NpgsqlDataSource database, TimeProvider time)
{
    private const int Page = 1_000;
    private int _month;

    /// <summary>Adds lines in order, all or none.</summary>
    public Task Append(string poolId, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken = default) =>
        Append(poolId, entries, _ => Task.FromResult(true), cancellationToken);

    /// <summary>Adds the line of an operation, unless it has one.</summary>
    public Task AppendOnce(string poolId, string operation, AuditEntry entry, CancellationToken cancellationToken = default) =>
        Append(
            poolId, [entry],
            async transaction => await transaction.Execute(
                "insert into audit_operations (pool_id, operation, at) values (@poolId, @operation, @at) on conflict do nothing",
                new { poolId, operation, at = entry.At.UtcDateTime }, cancellationToken) == 1,
            cancellationToken);

    private async Task Append(string poolId, IReadOnlyList<AuditEntry> entries, Func<NpgsqlTransaction, Task<bool>> isNew, CancellationToken cancellationToken)
    {
        await EnsureMonths(entries, cancellationToken);
        await database.InTransaction(
            async (connection, transaction) =>
            {
                if (!await isNew(transaction))
                    return;
                await transaction.Execute("insert into audit_heads values (@poolId, 0, @genesis) on conflict do nothing", new { poolId, genesis = AuditChain.Genesis }, cancellationToken);
                var (sequence, hash) = (await transaction.Query<(long, byte[])>("select sequence, hash from audit_heads where pool_id = @poolId for update", new { poolId }, cancellationToken)).Single();
                foreach (var entry in entries)
                {
                    var previous = hash;
                    hash = AuditChain.Next(previous, ++sequence, entry);
                    await transaction.Execute(
                        """
                        insert into audit_log (pool_id, sequence, at, actor, role, action, object, source, success, request_id, before, after, previous_hash, hash)
                        values (@poolId, @sequence, @at, @Actor, @Role, @Action, @Object, @Source, @Success, @RequestId, @Before, @After, @previous, @hash)
                        """,
                        new
                        {
                            poolId, sequence, at = entry.At.UtcDateTime, entry.Actor, entry.Role, entry.Action, entry.Object, entry.Source, entry.Success,
                            entry.RequestId, entry.Before, entry.After, previous, hash,
                        }, cancellationToken);
                }
                await transaction.Execute("update audit_heads set sequence = @sequence, hash = @hash where pool_id = @poolId", new { poolId, sequence, hash }, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Lines after a sequence, oldest first; or the newest first before one.</summary>
    public async Task<IReadOnlyList<ChainedAuditEntry>> Read(
        string poolId, long cursor, bool newestFirst, int limit, string? actor = null, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>(
            $"""
            select sequence, at, actor, role, action, object, source, success, request_id as "RequestId", before, after, previous_hash as "PreviousHash", hash
            from audit_log where pool_id = @poolId and sequence {(newestFirst ? "<" : ">")} @cursor and (@actor::text is null or actor = @actor)
            order by sequence {(newestFirst ? "desc" : "asc")} limit @limit
            """,
            new { poolId, cursor, limit, actor }, cancellationToken)).Select(r => r.Line)];

    /// <summary>Recomputes the whole chain and compares it with the head that is kept apart from it.</summary>
    public async Task<AuditVerification> Verify(string poolId, CancellationToken cancellationToken = default)
    {
        var anchor = (await database.Query<(long Sequence, byte[] Hash)>("select sequence, hash from audit_anchors where pool_id = @poolId", new { poolId }, cancellationToken)).SingleOrDefault();
        // The head first: lines that are added while this reads come after it and are not missed.
        var head = (await database.Query<(long Sequence, byte[] Hash)>("select sequence, hash from audit_heads where pool_id = @poolId", new { poolId }, cancellationToken)).SingleOrDefault();
        var (sequence, hash) = (anchor.Sequence, anchor.Hash ?? AuditChain.Genesis);
        string? problem = null;
        while (problem is null && sequence < head.Sequence)
        {
            var page = await Read(poolId, sequence, newestFirst: false, (int)Math.Min(Page, head.Sequence - sequence), cancellationToken: cancellationToken);
            if (page.Count == 0)
                problem = $"The log ends at line {sequence}, but {head.Sequence} were written.";
            problem ??= AuditChain.Check(page, ref sequence, ref hash);
        }
        if (problem is null && !hash.AsSpan().SequenceEqual(head.Hash ?? AuditChain.Genesis))
            problem = $"The head of the chain is not line {sequence}'s hash.";
        return new(anchor.Sequence + 1, sequence - anchor.Sequence, Convert.ToHexStringLower(hash), problem);
    }

    /// <summary>Drops whole months that ended before a moment. Answers how many.</summary>
    public async Task<int> DropBefore(DateTimeOffset moment, CancellationToken cancellationToken = default)
    {
        var months = (await database.Query<int>("select audit_drop_before(@moment)", new { moment = moment.UtcDateTime }, cancellationToken)).Single();
        await database.Execute("delete from audit_operations where at < @moment", new { moment = moment.UtcDateTime }, cancellationToken);
        return months;
    }

    private async Task EnsureMonths(IEnumerable<AuditEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var at in entries.Select(e => e.At.UtcDateTime).Append(time.GetUtcNow().UtcDateTime))
        {
            var month = (at.Year * 12) + at.Month;
            if (Volatile.Read(ref _month) == month)
                continue;
            await database.Execute("select audit_partition(@at)", new { at }, cancellationToken);
            Volatile.Write(ref _month, month);
        }
    }

    private sealed record Row(
        long Sequence, DateTime At, string Actor, string Role, string Action, string Object, string Source, bool Success, string RequestId, string? Before, string? After, byte[] PreviousHash, byte[] Hash)
    {
        public ChainedAuditEntry Line => new(
            Sequence, new(new(DateTime.SpecifyKind(At, DateTimeKind.Utc)), Actor, Role, Action, Object, Source, Success, RequestId, Before, After), PreviousHash, Hash);
    }
}
