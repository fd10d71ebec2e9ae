using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Participants;

/// <inheritdoc cref="ISlashStore"/>
public sealed class PostgresSlashStore(NpgsqlDataSource database) : ISlashStore
{
    internal const string Select =
        """
        select id, participant, offence, evidence, rate_bps as "RateBps", amount, opened_at as "OpenedAt", state, appeal, ruling, ended_at as "EndedAt", revision, execution
        from slashes where pool_id = @poolId
        """;

    public async Task<Slash?> Find(string poolId, string slashId, CancellationToken cancellationToken = default) =>
        (await database.Query<Row>($"{Select} and id = @slashId", new { poolId, slashId }, cancellationToken)).Select(Read).SingleOrDefault();

    public async Task<IReadOnlyList<Slash>> List(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>($"{Select} and participant = @participant order by opened_at desc, id", new { poolId, participant = participant.ToString() }, cancellationToken)).Select(Read)];

    public Task Open(string poolId, Slash slash, IReadOnlyList<Transfer> transfers, PoolEvent told, CancellationToken cancellationToken = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            var written = await transaction.Execute(
                """
                insert into slashes (pool_id, id, participant, offence, evidence, rate_bps, amount, opened_at, state)
                values (@poolId, @Id, @participant, @offence, @Evidence, @RateBps, @amount, @openedAt, 0) on conflict do nothing
                """,
                new { poolId, slash.Id, participant = slash.Participant.ToString(), offence = (short)slash.Offence, slash.Evidence, slash.RateBps, amount = slash.Amount.Value, openedAt = slash.OpenedAt.UtcDateTime },
                cancellationToken);
            if (written == 0)
                return;
            await PoolEventRows.Append(transaction, poolId, told, cancellationToken);
            await LedgerWriter.Append(connection, transaction, poolId, transfers, cancellationToken);
        },
        cancellationToken);

    public Task Change(string poolId, Slash slash, IReadOnlyList<Transfer> transfers, PoolEvent told, CancellationToken cancellationToken = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            var changed = await transaction.Execute(
                "update slashes set state = @state, appeal = @Appeal, ruling = @Ruling, ended_at = @endedAt where pool_id = @poolId and id = @Id and state in (0, 1) and state < @state and revision = @Revision",
                new { poolId, slash.Id, state = (short)slash.State, slash.Appeal, slash.Ruling, endedAt = slash.EndedAt?.UtcDateTime, slash.Revision }, cancellationToken);
            if (changed == 0)
                return;
            await PoolEventRows.Append(transaction, poolId, told, cancellationToken);
            await LedgerWriter.Append(connection, transaction, poolId, transfers, cancellationToken);
            if (slash.State == SlashState.Final)
                await ReputationRows.Slash(transaction, poolId, slash.Participant, cancellationToken);
        },
        cancellationToken);

    internal static Slash Read(Row row) => new(
        row.Id, TonAddress.Parse(row.Participant), (SlashOffence)row.Offence, row.Evidence, row.RateBps, new(row.Amount), row.OpenedAt.Utc(),
        (SlashState)row.State, row.Appeal, row.Ruling, row.EndedAt?.Utc(), row.Revision, row.Execution);

    internal sealed record Row(
        string Id, string Participant, short Offence, string Evidence, int RateBps, long Amount, DateTime OpenedAt, short State, string? Appeal, string? Ruling, DateTime? EndedAt, int Revision, string? Execution);
}
