using CocoonPool.Domain.Epochs;
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
               required_stake as "RequiredStake", gpus, reputation, stake_held as "StakeHeld", stake_leaving as "StakeLeaving", schedule,
               next_payout_address as "NextPayoutAddress", next_payout_from as "NextPayoutFrom", claim_requested_at as "ClaimRequestedAt",
               referrer, suspended_because as "SuspendedBecause", muted
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

    public Task<string?> NameReferrer(string poolId, TonAddress referee, TonAddress referrer, CancellationToken cancellationToken = default) => database.InTransaction(
        async (_, transaction) =>
        {
            // The lock makes counting and naming one step: an eleventh referee would stop the closing of the epoch.
            var names = new { poolId, referee = referee.ToString(), referrer = referrer.ToString() };
            await transaction.Execute("select pg_advisory_xact_lock(hashtextextended('referrals/' || @poolId, 0))", names, cancellationToken);
            var named = (await transaction.Query<string>("select referrer from referrals where pool_id = @poolId and referee = @referee", names, cancellationToken)).SingleOrDefault();
            if (named is not null)
                return string.Equals(named, names.referrer, StringComparison.Ordinal) ? null : "referrer_already_named";
            var isParticipant = (await transaction.Query<int>("select 1 from participants where pool_id = @poolId and address = @referrer", names, cancellationToken)).Count == 1;
            var referees = (await transaction.Query<int>("select count(*)::int from referrals where pool_id = @poolId and referrer = @referrer", names, cancellationToken)).Single();
            if (Referral.RefusalOf(referee, referrer, isParticipant, referees) is { } refusal)
                return refusal;
            await transaction.Execute("insert into referrals (pool_id, referee, referrer) values (@poolId, @referee, @referrer)", names, cancellationToken);
            return null;
        },
        cancellationToken);

    public async Task<(long Gpus, int Bringers)> Others(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        (await database.Query<(long, int)>("select coalesce(sum(gpus), 0)::bigint, count(*) filter (where gpus > 0)::int from participants where pool_id = @poolId and address <> @address",
            new { poolId, address = participant.ToString() }, cancellationToken)).Single();

    public Task Announce(string poolId, TonAddress participant, long revision, CancellationToken cancellationToken = default) =>
        DirectoryMarks.Announce(database, poolId, DirectoryMarks.Participants, participant.ToString(), revision, cancellationToken);

    public async Task<IReadOnlyList<TonAddress>> Behind(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await DirectoryMarks.Behind(database, poolId, DirectoryMarks.Participants, cancellationToken)).Select(address => TonAddress.Parse(address))];

    public Task Save(string poolId, ParticipantDescription participant, long revision, CancellationToken cancellationToken = default) => database.Execute(
        $"""
        with saved as (
            insert into participants (pool_id, address, state, joined_at, payout_address, min_payout, stake, required_stake, gpus, reputation,
                stake_held, stake_leaving, schedule, next_payout_address, next_payout_from, claim_requested_at, referrer, suspended_because, muted, revision)
            values (@poolId, @address, @state, @joinedAt, @payoutAddress, @minPayout, @stake, @requiredStake, @gpus, @reputation,
                @stakeHeld, @stakeLeaving, @schedule, @nextPayoutAddress, @nextPayoutFrom, @claimRequestedAt, @referrer, @suspendedBecause, @muted, @revision)
            on conflict (pool_id, address) do update set state = excluded.state, payout_address = excluded.payout_address,
                min_payout = excluded.min_payout, stake = excluded.stake, required_stake = excluded.required_stake,
                gpus = excluded.gpus, stake_held = excluded.stake_held, stake_leaving = excluded.stake_leaving, schedule = excluded.schedule,
                next_payout_address = excluded.next_payout_address, next_payout_from = excluded.next_payout_from,
                claim_requested_at = excluded.claim_requested_at, referrer = excluded.referrer, suspended_because = excluded.suspended_because,
                muted = excluded.muted, revision = excluded.revision
            where participants.revision <= excluded.revision
            returning xmax = 0 as is_new)
        insert into pool_events (pool_id, id, at, type, participant, data)
        select @poolId, 'participant/' || @address || '/registered', @joinedAt, 'participant_registered', @address, jsonb_build_object('address', @address, 'referrer', @referrer)
        from saved where is_new on conflict do nothing;
        {DirectoryMarks.Clear}
        """,
        new
        {
            poolId,
            kind = DirectoryMarks.Participants,
            key = participant.Address.ToString(),
            revision,
            address = participant.Address.ToString(),
            state = participant.State.ToString(),
            joinedAt = participant.JoinedAt.UtcDateTime,
            payoutAddress = participant.PayoutAddress.ToString(),
            minPayout = participant.MinPayout.Value,
            stake = participant.Stake.Value,
            requiredStake = participant.RequiredStake.Value,
            gpus = participant.Gpus,
            reputation = participant.Reputation,
            stakeHeld = participant.StakeHeld.Value,
            stakeLeaving = participant.StakeLeaving.Value,
            schedule = (short)participant.Schedule,
            nextPayoutAddress = participant.NextPayoutAddress?.ToString(),
            nextPayoutFrom = participant.NextPayoutFrom?.UtcDateTime,
            claimRequestedAt = participant.ClaimRequestedAt?.UtcDateTime,
            referrer = participant.Referrer?.ToString(),
            suspendedBecause = participant.SuspendedBecause,
            muted = participant.Muted,
        },
        cancellationToken);

    public async Task<IReadOnlyList<ParticipantDescription>> List(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>(Select, new { poolId }, cancellationToken)).Select(Description).OrderBy(p => p.Address)];

    public async Task<IReadOnlyDictionary<TonAddress, int>> Reputations(string poolId, CancellationToken cancellationToken = default) =>
        (await database.Query<(string Address, int Reputation)>("select address, reputation from participants where pool_id = @poolId and gpus > 0", new { poolId }, cancellationToken))
            .ToDictionary(row => TonAddress.Parse(row.Address), row => row.Reputation);

    public async Task<ParticipantDescription?> Find(string poolId, TonAddress address, CancellationToken cancellationToken = default) =>
        (await database.Query<Row>($"{Select} and address = @address", new { poolId, address = address.ToString() }, cancellationToken)).Select(Description).SingleOrDefault();

    private static ParticipantDescription Description(Row row) => new(
        TonAddress.Parse(row.Address), Enum.Parse<ParticipantState>(row.State), row.JoinedAt.Utc(), TonAddress.Parse(row.PayoutAddress),
        new(row.MinPayout), new(row.Stake), new(row.RequiredStake), row.Gpus, row.Reputation,
        new(row.StakeHeld), new(row.StakeLeaving), (PayoutSchedule)row.Schedule, Address(row.NextPayoutAddress), row.NextPayoutFrom?.Utc(), row.ClaimRequestedAt?.Utc(),
        Address(row.Referrer), row.SuspendedBecause, (string[])row.Muted);

    private static TonAddress? Address(string? raw) => raw is null ? null : TonAddress.Parse(raw);

    /// <param name="Muted">A list of texts; the driver promises no more than that it is an array.</param>
    private sealed record Row(string Address, string State, DateTime JoinedAt, string PayoutAddress, long MinPayout, long Stake, long RequiredStake, int Gpus, int Reputation,
        long StakeHeld, long StakeLeaving, short Schedule, string? NextPayoutAddress, DateTime? NextPayoutFrom, DateTime? ClaimRequestedAt, string? Referrer, string? SuspendedBecause, Array Muted);
}
