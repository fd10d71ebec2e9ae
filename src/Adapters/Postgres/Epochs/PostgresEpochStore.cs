using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Adapters.Postgres.Participants;
using CocoonPool.Domain;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Epochs;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Epochs;

/// <inheritdoc cref="IEpochStore"/>
public sealed class PostgresEpochStore(NpgsqlDataSource database) : IEpochStore
{
    private const string Select =
        """
        select number, phase, starts_at as "Start", ends_at as "End",
               case when phase >= 2 then revenue else coalesce((select balance from ledger_accounts a where a.pool_id = epochs.pool_id and a.name = 'revenue:' || number), 0) end as "Revenue",
               fee, carried_over as "CarriedOver", merkle_root as "MerkleRoot", bundle_hash as "BundleHash", participants
        from epochs where pool_id = @poolId
        """;

    public Task CreateCalendar(string poolId, DateTimeOffset firstStart, DateTimeOffset firstEnd, TimeSpan duration, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                var created = await transaction.Execute("insert into epoch_calendars (pool_id, duration) values (@poolId, @duration) on conflict do nothing", new { poolId, duration }, cancellationToken);
                if (created == 1)
                {
                    await transaction.Execute("insert into epochs (pool_id, number, starts_at, ends_at) values (@poolId, 1, @start, @end)",
                        new { poolId, start = firstStart.UtcDateTime, end = firstEnd.UtcDateTime }, cancellationToken);
                }
            },
            cancellationToken);

    public Task OpenUntil(string poolId, DateTimeOffset moment, CancellationToken cancellationToken = default) =>
        database.Execute("select open_epochs(@poolId, @moment)", new { poolId, moment = moment.UtcDateTime }, cancellationToken);

    public Task ChangeDuration(string poolId, TimeSpan duration, CancellationToken cancellationToken = default) =>
        database.Execute("update epoch_calendars set duration = @duration where pool_id = @poolId", new { poolId, duration }, cancellationToken);

    public async Task<EpochDescription?> Find(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        (await database.Query<Row>($"{Select} and number = @number", new { poolId, number = number.Value }, cancellationToken)).Select(Description).SingleOrDefault();

    public async Task<IReadOnlyList<EpochDescription>> Unsettled(string poolId, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>($"{Select} and phase < 4 order by number", new { poolId }, cancellationToken)).Select(Description)];

    public async Task<IReadOnlyList<EpochDescription>> List(string poolId, int limit, EpochNumber? before = null, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>($"{Select} and number < @before order by number desc limit @limit",
            new { poolId, limit, before = before?.Value ?? int.MaxValue }, cancellationToken)).Select(Description)];

    public async Task<EpochDescription?> LastFinalized(string poolId, CancellationToken cancellationToken = default) =>
        (await database.Query<Row>($"{Select} and phase >= 2 order by number desc limit 1", new { poolId }, cancellationToken)).Select(Description).SingleOrDefault();

    public Task<EpochDescription> BeginClosing(string poolId, EpochNumber number, DateTimeOffset end, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                // First everybody who adds to an epoch is waited for, then the calendar's row keeps others from opening the next one at
                // the old end: the order in which all take these two.
                await OpenEpochs.Shut(transaction, poolId, cancellationToken);
                await transaction.Execute("select 1 from epoch_calendars where pool_id = @poolId for update", new { poolId }, cancellationToken);
                var before = await Read(transaction, poolId, number, cancellationToken);
                if (!(await Step(transaction, poolId, before, EpochCommand.Close, cancellationToken)).Accepted)
                    return before;
                await transaction.Execute("update epochs set ends_at = least(ends_at, @end) where pool_id = @poolId and number = @number",
                    new { poolId, number = number.Value, end = end.UtcDateTime }, cancellationToken);

                // The next epoch begins where this one ended. After an early end it lasts until the regular one, so that the calendar
                // keeps its boundaries; after a regular end it lasts its whole time.
                await transaction.Execute(
                    """
                    insert into epochs (pool_id, number, starts_at, ends_at)
                    select @poolId, @next, e.ends_at, coalesce(@nextEnd, e.ends_at + c.duration) from epochs e join epoch_calendars c using (pool_id)
                    where e.pool_id = @poolId and e.number = @number
                    on conflict (pool_id, number) do update set starts_at = least(epochs.starts_at, excluded.starts_at)
                    """,
                    new { poolId, number = number.Value, next = number.Next.Value, nextEnd = before.End > end ? before.End.UtcDateTime : (DateTime?)null }, cancellationToken);
                return await Read(transaction, poolId, number, cancellationToken);
            },
            cancellationToken);

    public async Task<IReadOnlyList<RevenueLine>> Revenue(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<RevenueRow>("select id, kind, amount from ledger_transfers where pool_id = @poolId and credit = @account and credit like 'revenue:%' and action = 0 order by sequence",
                new { poolId, account = AccountName.Revenue(number).Value }, cancellationToken))
            .Select(row => new RevenueLine(row.Id, KindWord((TransferKind)row.Kind), new(row.Amount)))];

    public Task Finalize(string poolId, FinalizedEpoch epoch, CancellationToken cancellationToken = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            var result = epoch.Result;
            var epochBefore = await Read(transaction, poolId, epoch.Number, cancellationToken);
            if (!(await Step(transaction, poolId, epochBefore, EpochCommand.Finalize, cancellationToken)).Accepted)
                return;
            await transaction.Execute(
                """
                update epochs set revenue = @revenue, fee = @fee, carried_over = @carriedOver, participants = @participants,
                    merkle_root = @merkleRoot, bundle_hash = @bundleHash
                where pool_id = @poolId and number = @number
                """,
                new
                {
                    poolId,
                    number = epoch.Number.Value,
                    revenue = result.Revenue.Value,
                    fee = result.Fee.Value,
                    carriedOver = result.CarriedOver.Value,
                    participants = result.Participants.Length,
                    merkleRoot = result.MerkleRoot,
                    bundleHash = epoch.BundleHash,
                },
                cancellationToken);
            await transaction.Execute("insert into epoch_bundles (pool_id, epoch, json, csv, hash) values (@poolId, @number, @json, @csv, @hash)",
                new { poolId, number = epoch.Number.Value, json = epoch.BundleJson, csv = epoch.BundleCsv, hash = epoch.BundleHash }, cancellationToken);
            await InsertShares(transaction, poolId, epoch, cancellationToken);
            await ReputationRows.Move(transaction, poolId, result.Participants, cancellationToken);
            await LedgerWriter.Append(connection, transaction, poolId, epoch.Transfers, cancellationToken);
            await transaction.Execute(
                """
                insert into pool_events (pool_id, id, at, type, data)
                select pool_id, 'epoch_finalized/' || number, now(), 'epoch_finalized', jsonb_build_object(
                    'epoch', number, 'revenue_nano', revenue::text, 'fee_nano', fee::text, 'participants', participants, 'bundle_hash', encode(bundle_hash, 'hex'))
                from epochs where pool_id = @poolId and number = @number on conflict do nothing
                """, new { poolId, number = epoch.Number.Value }, cancellationToken);
        },
        cancellationToken);

    public Task<Transition<EpochState>> Advance(string poolId, EpochNumber number, EpochCommand command, CancellationToken cancellationToken = default) =>
        database.InTransaction(
            async (_, transaction) =>
            {
                var transition = await Step(transaction, poolId, await Read(transaction, poolId, number, cancellationToken), command, cancellationToken);
                if (transition is { Accepted: true, To: EpochState.Settled })
                {
                    await transaction.Execute(
                        """
                        insert into pool_events (pool_id, id, at, type, data)
                        select pool_id, 'reward_distributed/' || number, now(), 'reward_distributed', jsonb_build_object('epoch', number, 'participants', participants)
                        from epochs where pool_id = @poolId and number = @number on conflict do nothing
                        """, new { poolId, number = number.Value }, cancellationToken);
                }
                return transition;
            },
            cancellationToken);

    public async Task<IReadOnlyList<Payable>> Payables(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<PayableRow>(
                """
                select payable_index as "Index", participant, payout_address as "PayoutAddress", payable as "Amount", to_claim as "ToClaim"
                from epoch_shares where pool_id = @poolId and epoch = @number and payable_index is not null order by payable_index
                """, new { poolId, number = number.Value }, cancellationToken))
            .Select(row => new Payable(row.Index, TonAddress.Parse(row.Participant), TonAddress.Parse(row.PayoutAddress), new(row.Amount), row.ToClaim))];

    public async Task<IReadOnlyList<ParticipantShare>> Shares(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<ShareRow>("select epoch, share, referral_bonus as \"ReferralBonus\", payable from epoch_shares where pool_id = @poolId and participant = @participant order by epoch desc",
                new { poolId, participant = participant.ToString() }, cancellationToken))
            .Select(row => new ParticipantShare(new(row.Epoch), new(row.Share), new(row.ReferralBonus), new(row.Payable)))];

    public async Task<PublishedBundle?> Bundle(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        (await database.Query<BundleRow>("select json, csv, hash from epoch_bundles where pool_id = @poolId and epoch = @number",
            new { poolId, number = number.Value }, cancellationToken)).Select(row => new PublishedBundle(row.Json, row.Csv, row.Hash)).SingleOrDefault();

    /// <summary>The epoch, kept from others until the transaction ends.</summary>
    private static async Task<EpochDescription> Read(NpgsqlTransaction transaction, string poolId, EpochNumber number, CancellationToken cancellationToken) =>
        Description((await transaction.Query<Row>($"{Select} and number = @number for update of epochs", new { poolId, number = number.Value }, cancellationToken)).Single());

    /// <summary>The one place where a phase is written: only what the life cycle allows from where the epoch is.</summary>
    private static async Task<Transition<EpochState>> Step(
        NpgsqlTransaction transaction, string poolId, EpochDescription epoch, EpochCommand command, CancellationToken cancellationToken)
    {
        var transition = EpochLifecycle.Apply(epoch.Phase, command);
        if (transition.Accepted)
        {
            await transaction.Execute("update epochs set phase = @phase where pool_id = @poolId and number = @number",
                new { poolId, number = epoch.Number.Value, phase = (short)transition.To }, cancellationToken);
        }
        return transition;
    }

    private static Task<int> InsertShares(NpgsqlTransaction transaction, string poolId, FinalizedEpoch epoch, CancellationToken cancellationToken)
    {
        var payables = epoch.Result.Payables.ToDictionary(p => p.Participant);
        var rows = epoch.Result.Participants;
        return transaction.Execute(
            """
            insert into epoch_shares (pool_id, epoch, participant, share, referral_bonus, payable, payable_index, payout_address, to_claim)
            select @poolId, @number, * from unnest(@participants, @shares, @bonuses, @payables, @indices, @addresses, @toClaim)
            """,
            new
            {
                poolId,
                number = epoch.Number.Value,
                participants = rows.Select(r => r.Entrant.Tally.Participant.ToString()).ToArray(),
                shares = rows.Select(r => r.Share.Value).ToArray(),
                bonuses = rows.Select(r => r.ReferralBonus.Value).ToArray(),
                payables = rows.Select(r => r.Payable.Value).ToArray(),
                indices = rows.Select(r => payables.TryGetValue(r.Entrant.Tally.Participant, out var p) ? p.Index : (int?)null).ToArray(),
                addresses = rows.Select(r => r.Entrant.PayoutAddress.ToString()).ToArray(),
                toClaim = rows.Select(r => payables.TryGetValue(r.Entrant.Tally.Participant, out var p) && p.ToClaim).ToArray(),
            },
            cancellationToken);
    }

    private static EpochDescription Description(Row row) => new(
        new(row.Number), (EpochState)row.Phase, row.Start.Utc(), row.End.Utc(), new(row.Revenue), new(row.Fee), new(row.CarriedOver),
        row.MerkleRoot is null ? null : Convert.ToHexStringLower(row.MerkleRoot), row.BundleHash is null ? null : Convert.ToHexStringLower(row.BundleHash), row.Participants);

    private static string KindWord(TransferKind kind) => kind switch
    {
        TransferKind.Revenue => "deposit",
        TransferKind.CarryOver => "carried_over",
        TransferKind.ClientPayment => "client_payment",
        _ => throw new InvalidOperationException($"A {kind} transfer is no revenue."),
    };

    private sealed record Row(int Number, short Phase, DateTime Start, DateTime End, long Revenue, long Fee, long CarriedOver, byte[]? MerkleRoot, byte[]? BundleHash, int Participants);

    private sealed record RevenueRow(string Id, short Kind, long Amount);

    private sealed record PayableRow(int Index, string Participant, string PayoutAddress, long Amount, bool ToClaim);

    private sealed record ShareRow(int Epoch, long Share, long ReferralBonus, long Payable);

    private sealed record BundleRow(byte[] Json, string Csv, byte[] Hash);
}
