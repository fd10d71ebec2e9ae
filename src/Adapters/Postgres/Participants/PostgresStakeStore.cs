using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Participants;

/// <inheritdoc cref="IStakeStore"/>
public sealed partial class PostgresStakeStore(NpgsqlDataSource database) : IStakeStore
{
    public async Task<long> Cursor(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        (await database.Query<long>("select logical_time from stake_accounts where pool_id = @poolId and participant = @who", new { poolId, who = participant.ToString() }, cancellationToken)).SingleOrDefault();

    public Task Book(string poolId, TonAddress participant, long after, StakeReading reading, CancellationToken cancellationToken = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            var who = participant.ToString();
            await transaction.Execute("insert into stake_accounts values (@poolId, @who, 0, 0, 0) on conflict do nothing", new { poolId, who }, cancellationToken);
            var account = (await transaction.Query<AccountRow>($"{SelectAccounts} and participant = @who for update", new { poolId, who }, cancellationToken)).Single();
            if (account.LogicalTime != after)
                return;

            // The slashes before the ledger, as everybody who changes one takes them.
            var slashes = (await transaction.Query<PostgresSlashStore.Row>($"{PostgresSlashStore.Select} and participant = @who for update", new { poolId, who }, cancellationToken)).Select(PostgresSlashStore.Read);
            var books = new StakeBooks(participant, await Figures(transaction, poolId, participant, cancellationToken), slashes);
            var stake = new Nanotons(account.Stake);
            foreach (var movement in reading.Movements)
            {
                books.Book(movement);
                stake = movement.After(stake);
                await Keep(transaction, poolId, who, movement, stake, cancellationToken);
            }

            foreach (var slash in books.ChangedSlashes)
                await transaction.Execute("update slashes set amount = @amount, revision = @Revision, execution = @Execution where pool_id = @poolId and id = @Id", new { poolId, slash.Id, amount = slash.Amount.Value, slash.Revision, slash.Execution }, cancellationToken);
            await LedgerWriter.Append(connection, transaction, poolId, books.Lines, cancellationToken);
            if (reading.IsAll && stake != reading.State.Stake)
                throw new InvalidOperationException($"The movements of {participant} make a stake of {stake} and the account says {reading.State.Stake}: nothing is booked.");
            await transaction.Execute(
                """
                update stake_accounts set logical_time = @ReadTo, stake = @stake, withdrawal = @withdrawal, unlocks_at = @unlocksAt, suspended_until = @suspendedUntil
                where pool_id = @poolId and participant = @who
                """,
                new
                {
                    poolId,
                    who,
                    reading.ReadTo,
                    stake = stake.Value,
                    withdrawal = reading.State.Withdrawal.Value,
                    unlocksAt = reading.State.UnlocksAt?.UtcDateTime,
                    suspendedUntil = reading.State.SuspendedUntil?.UtcDateTime,
                },
                cancellationToken);
        },
        cancellationToken);

    public async Task<IReadOnlyList<BookedMovement>> Movements(string poolId, TonAddress participant, long afterLogicalTime, CancellationToken cancellationToken = default) =>
    [
        .. (await database.Query<MovementRow>(
            """
            select logical_time as "LogicalTime", transaction, kind, amount, slash_number::text as "SlashNumber", stake_after as "StakeAfter", at from stake_movements
            where pool_id = @poolId and participant = @who and logical_time > @afterLogicalTime order by logical_time
            """, new { poolId, who = participant.ToString(), afterLogicalTime }, cancellationToken)).Select(Read),
    ];

    public async Task<IReadOnlyList<TonAddress>> Holders(string poolId, TonAddress? after, int limit, CancellationToken cancellationToken = default) =>
    [
        .. (await database.Query<string>(
            """
            (select address as who from participants where pool_id = @poolId and address > @after order by 1 limit @limit)
            union (select participant from stake_accounts where pool_id = @poolId and participant > @after order by 1 limit @limit)
            order by who limit @limit
            """, new { poolId, after = after?.ToString() ?? "", limit }, cancellationToken)).Select(TonAddress.Parse),
    ];

    private static async Task<AccountFigures> Figures(NpgsqlTransaction transaction, string poolId, TonAddress participant, CancellationToken cancellationToken)
    {
        var row = (await transaction.Query<FiguresRow>("select balance, reserved from ledger_accounts where pool_id = @poolId and name = @name", new { poolId, name = AccountName.Stake(participant).Value }, cancellationToken)).SingleOrDefault();
        return row is null ? default : new(new(row.Balance), new(row.Reserved));
    }

    private static Task<int> Keep(NpgsqlTransaction transaction, string poolId, string who, StakeMovement movement, Nanotons stake, CancellationToken cancellationToken) => transaction.Execute(
        "insert into stake_movements values (@poolId, @who, @LogicalTime, @Transaction, @kind, @amount, @number::numeric, @stake, @at)",
        new
        {
            poolId,
            who,
            movement.LogicalTime,
            movement.Transaction,
            kind = (short)movement.Kind,
            amount = movement.Amount.Value,
            number = movement.SlashNumber?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            stake = stake.Value,
            at = movement.At.UtcDateTime,
        },
        cancellationToken);

    private static BookedMovement Read(MovementRow row) => new(
        new(row.LogicalTime, row.Transaction, (StakeMovementKind)row.Kind, new(row.Amount), row.SlashNumber is null ? null : ulong.Parse(row.SlashNumber, System.Globalization.CultureInfo.InvariantCulture), row.At.Utc()),
        new(row.StakeAfter));

    private sealed record FiguresRow(long Balance, long Reserved);

    private sealed record MovementRow(long LogicalTime, string Transaction, short Kind, long Amount, string? SlashNumber, long StakeAfter, DateTime At);
}
