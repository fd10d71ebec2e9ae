using CocoonPool.Domain;
using CocoonPool.Domain.Approvals;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Approvals;

/// <summary>Operations that wait for their second person or for their time, in PostgreSQL.</summary>
public sealed class ApprovalStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = """
        id, kind, payload, reason, proposed_by as "ProposedBy", proposed_at as "ProposedAt", timelock, state, decided_by as "DecidedBy", decided_at as "DecidedAt",
        execute_at as "ExecuteAt", outcome
        """;

    public async Task Add(string poolId, Approval approval, CancellationToken cancellationToken = default) =>
        await database.Execute(
            """
            insert into approvals (pool_id, id, kind, payload, reason, proposed_by, proposed_at, timelock, state)
            values (@poolId, @Id, @Kind, @Payload, @Reason, @ProposedBy, @at, @Timelock, 0)
            """,
            new { poolId, approval.Id, approval.Kind, approval.Payload, approval.Reason, approval.ProposedBy, at = approval.ProposedAt.UtcDateTime, approval.Timelock }, cancellationToken);

    public async Task<Approval?> Find(string poolId, Guid id, CancellationToken cancellationToken = default) =>
        (await database.Query<Row>($"select {Columns} from approvals where pool_id = @poolId and id = @id", new { poolId, id }, cancellationToken)).SingleOrDefault()?.Approval;

    public async Task<IReadOnlyList<Approval>> List(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>($"select {Columns} from approvals where pool_id = @poolId order by proposed_at desc, id desc limit 10000", new { poolId }, cancellationToken)).Select(r => r.Approval)];

    /// <summary>Lets a rule decide under the row's lock, and keeps what it decided. Null when there is no such approval.</summary>
    public Task<(Approval Approval, string? Refusal)?> Decide(
        string poolId, Guid id, string by, Func<Approval, Transition<ApprovalState>> rule, CancellationToken cancellationToken = default) =>
        database.InTransaction<(Approval, string?)?>(
            async (_, transaction) =>
            {
                if ((await transaction.Query<Row>($"select {Columns} from approvals where pool_id = @poolId and id = @id for update", new { poolId, id }, cancellationToken)).SingleOrDefault()?.Approval is not { } approval)
                    return null;
                var decided = rule(approval);
                if (!decided.Accepted || decided.From == decided.To)
                    return (approval, decided.Refusal);
                var now = time.GetUtcNow();
                approval = approval with { State = decided.To, DecidedBy = by, DecidedAt = now, ExecuteAt = decided.To == ApprovalState.Approved ? now + approval.Timelock : null };
                await Save(transaction, poolId, approval, cancellationToken);
                return (approval, null);
            },
            cancellationToken);

    /// <summary>
    /// Carries out one operation that is due, if there is one, under its row's lock, so that one server does it. When the server dies
    /// in the middle it is carried out again: operations repeat safely under the approval's id.
    /// </summary>
    /// <param name="notNow">Operations to leave out: they were tried a moment ago and have to be tried again later.</param>
    /// <param name="execute">Answers whether it was done, and what came of it; null when it has to be tried again.</param>
    public Task<Approval?> ExecuteNext(
        string poolId, IReadOnlyCollection<Guid> notNow, Func<Approval, Task<(bool Done, string Outcome)?>> execute, CancellationToken cancellationToken = default) =>
        database.InTransaction<Approval?>(
            async (_, transaction) =>
            {
                var due = await transaction.Query<Row>(
                    $"select {Columns} from approvals where pool_id = @poolId and state = 1 and execute_at <= @now and id <> all(@notNow) order by execute_at limit 1 for update skip locked",
                    new { poolId, now = time.GetUtcNow().UtcDateTime, notNow = notNow.ToArray() }, cancellationToken);
                if (due is not [var row])
                    return null;
                if (await execute(row.Approval) is not var (done, outcome))
                    return row.Approval;
                var approval = row.Approval with { State = done ? ApprovalState.Executed : ApprovalState.Refused, Outcome = outcome };
                await Save(transaction, poolId, approval, cancellationToken);
                if (done)
                {
                    await transaction.Execute(
                        """
                        insert into pool_events (pool_id, id, at, type, data)
                        values (@poolId, 'approval_executed/' || @Id::text, @now, 'approval_executed', jsonb_build_object('id', @Id::text, 'kind', @Kind::text)) on conflict do nothing
                        """, new { poolId, approval.Id, approval.Kind, now = time.GetUtcNow().UtcDateTime }, cancellationToken);
                }
                return approval;
            },
            cancellationToken);

    private static Task<int> Save(NpgsqlTransaction transaction, string poolId, Approval approval, CancellationToken cancellationToken) => transaction.Execute(
        "update approvals set state = @state, decided_by = @DecidedBy, decided_at = @decidedAt, execute_at = @executeAt, outcome = @Outcome where pool_id = @poolId and id = @Id",
        new { poolId, approval.Id, state = (short)approval.State, approval.DecidedBy, decidedAt = approval.DecidedAt?.UtcDateTime, executeAt = approval.ExecuteAt?.UtcDateTime, approval.Outcome }, cancellationToken);

    private sealed record Row(
        Guid Id, string Kind, string Payload, string Reason, string ProposedBy, DateTime ProposedAt, TimeSpan Timelock, short State, string? DecidedBy, DateTime? DecidedAt, DateTime? ExecuteAt, string? Outcome)
    {
        public Approval Approval => new(
            Id, Kind, Payload, Reason, ProposedBy, Utc(ProposedAt), Timelock, (ApprovalState)State, DecidedBy,
            DecidedAt is { } decided ? Utc(decided) : null, ExecuteAt is { } due ? Utc(due) : null, Outcome);

        private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
    }
}
