using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Participants;

/// <inheritdoc cref="IParticipantDirectory"/>
public sealed class PostgresParticipantDirectory(NpgsqlDataSource database) : IParticipantDirectory
{
    private const string Select =
        """
        select address, state, joined_at as "JoinedAt", payout_address as "PayoutAddress", min_payout as "MinPayout", stake,
               required_stake as "RequiredStake", gpus, reputation
        from participants where pool_id = @poolId
        """;

    public Task<bool> TakeSeat(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                // The lock makes counting and taking one step, also for two silos at once.
                await transaction.Execute("select pg_advisory_xact_lock(hashtextextended('seats/' || @poolId, 0))", new { poolId }, cancellationToken);
                await transaction.Execute(
                    """
                    insert into pool_seats (pool_id, participant)
                    select @poolId, @participant where (select count(*) from pool_seats where pool_id = @poolId) < @limit
                    on conflict do nothing
                    """, new { poolId, participant = participant.ToString(), limit }, cancellationToken);
                return (await transaction.Query<int>("select 1 from pool_seats where pool_id = @poolId and participant = @participant",
                    new { poolId, participant = participant.ToString() }, cancellationToken)).Count == 1;
            },
            cancellationToken);

    public async Task<int> Seats(string poolId, CancellationToken cancellationToken = default) =>
        (await database.Query<int>("select count(*)::int from pool_seats where pool_id = @poolId", new { poolId }, cancellationToken))[0];

    public Task Save(string poolId, ParticipantDescription participant, CancellationToken cancellationToken = default) => database.Execute(
        """
        insert into participants (pool_id, address, state, joined_at, payout_address, min_payout, stake, required_stake, gpus, reputation)
        values (@poolId, @address, @state, @joinedAt, @payoutAddress, @minPayout, @stake, @requiredStake, @gpus, @reputation)
        on conflict (pool_id, address) do update set state = excluded.state, payout_address = excluded.payout_address,
            min_payout = excluded.min_payout, stake = excluded.stake, required_stake = excluded.required_stake,
            gpus = excluded.gpus, reputation = excluded.reputation
        """,
        new
        {
            poolId,
            address = participant.Address.ToString(),
            state = participant.State.ToString(),
            joinedAt = participant.JoinedAt.UtcDateTime,
            payoutAddress = participant.PayoutAddress.ToString(),
            minPayout = participant.MinPayout.Value,
            stake = participant.Stake.Value,
            requiredStake = participant.RequiredStake.Value,
            gpus = participant.Gpus,
            reputation = participant.Reputation,
        },
        cancellationToken);

    public async Task<IReadOnlyList<ParticipantDescription>> List(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>(Select, new { poolId }, cancellationToken)).Select(Description).OrderBy(p => p.Address)];

    public async Task<ParticipantDescription?> Find(string poolId, TonAddress address, CancellationToken cancellationToken = default) =>
        (await database.Query<Row>($"{Select} and address = @address", new { poolId, address = address.ToString() }, cancellationToken)).Select(Description).SingleOrDefault();

    private static ParticipantDescription Description(Row row) => new(
        TonAddress.Parse(row.Address), Enum.Parse<ParticipantState>(row.State), row.JoinedAt.Utc(), TonAddress.Parse(row.PayoutAddress),
        new(row.MinPayout), new(row.Stake), new(row.RequiredStake), row.Gpus, row.Reputation);

    private sealed record Row(string Address, string State, DateTime JoinedAt, string PayoutAddress, long MinPayout, long Stake, long RequiredStake, int Gpus, int Reputation);
}
