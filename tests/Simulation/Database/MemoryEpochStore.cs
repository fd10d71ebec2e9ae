using CocoonPool.Domain;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Epochs;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="IEpochStore"/>
public class MemoryEpochStore(PoolDatabase database, StoreOperations operations) : IEpochStore
{
    protected PoolDatabase Database => database;

    protected StoreOperations Operations => operations;

    public Task CreateCalendar(string poolId, DateTimeOffset firstStart, DateTimeOffset firstEnd, TimeSpan duration, CancellationToken cancellationToken = default) =>
        Commit("create calendar", () =>
        {
            if (database.Epochs.Rows.Count > 0)
                return true;
            database.Epochs.Duration = duration;
            database.Epochs.Open(EpochNumber.First, firstStart, firstEnd);
            return true;
        });

    public Task OpenUntil(string poolId, DateTimeOffset moment, CancellationToken cancellationToken = default) => Commit("open until", () =>
    {
        database.Epochs.OpenUntil(moment);
        return true;
    });

    public Task ChangeDuration(string poolId, TimeSpan duration, CancellationToken cancellationToken = default) =>
        Commit("change duration", () => database.Epochs.Duration = duration);

    public virtual Task<EpochDescription?> Find(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        Read($"find {number}", () => database.Epochs.Find(number) is { } row ? WithRevenue(row) : null);

    public Task<IReadOnlyList<EpochDescription>> Unsettled(string poolId, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<EpochDescription>>("unsettled", () => [.. database.Epochs.Rows.Where(row => row.Phase != EpochState.Settled).Select(WithRevenue)]);

    public Task<IReadOnlyList<EpochDescription>> List(string poolId, int limit, EpochNumber? before = null, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<EpochDescription>>("list", () =>
            [.. database.Epochs.Rows.Reverse().Where(row => before is null || row.Number < before).Take(limit).Select(WithRevenue)]);

    public Task<EpochDescription?> LastFinalized(string poolId, CancellationToken cancellationToken = default) =>
        Read("last finalized", () => database.Epochs.Rows.LastOrDefault(row => row.Phase >= EpochState.Finalized));

    public virtual Task<EpochDescription> BeginClosing(string poolId, EpochNumber number, DateTimeOffset end, CancellationToken cancellationToken = default) =>
        Commit($"begin closing {number}", () =>
        {
            var before = database.Epochs.Find(number)!;
            if (!EpochLifecycle.Apply(before.Phase, EpochCommand.Close).Accepted)
                return WithRevenue(before);
            var closing = before with { Phase = EpochState.Closing, End = before.End < end ? before.End : end };
            database.Epochs.Put(closing);
            if (database.Epochs.Find(number.Next) is not { } next)
                database.Epochs.Open(number.Next, closing.End, before.End > end ? before.End : closing.End + database.Epochs.Duration);
            else if (closing.End < next.Start)
                database.Epochs.Put(next with { Start = closing.End });
            return WithRevenue(closing);
        });

    public Task<IReadOnlyList<RevenueLine>> Revenue(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<RevenueLine>>($"revenue {number}", () =>
        [
            .. database.Ledger.Lines.Select(l => l.Transfer).Where(t => t.Credit == AccountName.Revenue(number) && t.Action == TransferAction.Post)
                .Select(t => new RevenueLine(t.Id, t.Kind == TransferKind.CarryOver ? "carried_over" : "deposit", t.Amount)),
        ]);

    public virtual Task Finalize(string poolId, FinalizedEpoch epoch, CancellationToken cancellationToken = default) => Commit($"finalize {epoch.Number}", () =>
    {
        if (EpochLifecycle.Apply(database.Epochs.Find(epoch.Number)!.Phase, EpochCommand.Finalize).Accepted)
            Publish(epoch);
        return true;
    });

    public Task<Transition<EpochState>> Advance(string poolId, EpochNumber number, EpochCommand command, CancellationToken cancellationToken = default) =>
        Commit($"{command} {number}", () =>
        {
            var row = database.Epochs.Find(number)!;
            var transition = EpochLifecycle.Apply(row.Phase, command);
            if (transition.Accepted)
                database.Epochs.Put(row with { Phase = transition.To });
            if (transition is { Accepted: true, To: EpochState.Settled })
                database.Tell(new($"reward_distributed/{number}", row.End, "reward_distributed", null, "{}"));
            return transition;
        });

    public Task<IReadOnlyList<Payable>> Payables(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<Payable>>($"payables {number}", () =>
        [
            .. database.Shares.GetValueOrDefault(number.Value, []).Where(s => s.PayableIndex is not null).OrderBy(s => s.PayableIndex)
                .Select(s => new Payable(s.PayableIndex!.Value, s.Participant, s.PayoutAddress, new(s.Payable), s.ToClaim)),
        ]);

    public Task<IReadOnlyList<ParticipantShare>> Shares(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<ParticipantShare>>($"shares {participant}", () =>
        [
            .. database.Shares.OrderByDescending(e => e.Key).SelectMany(e => e.Value.Where(s => s.Participant == participant)
                .Select(s => new ParticipantShare(new(e.Key), new(s.Share), new(s.ReferralBonus), new(s.Payable)))),
        ]);

    public Task<PublishedBundle?> Bundle(string poolId, EpochNumber number, CancellationToken cancellationToken = default) =>
        Read($"bundle {number}", () => database.Bundles.GetValueOrDefault(number.Value));

    /// <summary>Everything that a closing writes. The ledger comes first: it is what may refuse.</summary>
    protected void Publish(FinalizedEpoch epoch)
    {
        var result = epoch.Result;
        database.Ledger.Append(epoch.Transfers);
        database.Epochs.Put(database.Epochs.Find(epoch.Number)! with
        {
            Phase = EpochState.Finalized,
            Revenue = result.Revenue,
            Fee = result.Fee,
            CarriedOver = result.CarriedOver,
            Participants = result.Participants.Length,
            MerkleRoot = Convert.ToHexStringLower(result.MerkleRoot),
            BundleHash = Convert.ToHexStringLower(epoch.BundleHash),
        });
        database.Tell(new($"epoch_finalized/{epoch.Number}", database.Epochs.Find(epoch.Number)!.End, "epoch_finalized", null, "{}"));
        database.Bundles[epoch.Number.Value] = new(epoch.BundleJson, epoch.BundleCsv, epoch.BundleHash);
        database.BundleWrites[epoch.Number.Value] = database.BundleWrites.GetValueOrDefault(epoch.Number.Value) + 1;
        var payables = result.Payables.ToDictionary(p => p.Participant);
        database.Shares[epoch.Number.Value] =
        [
            .. result.Participants.Select(p => new ShareRow(
                p.Entrant.Tally.Participant, p.Share.Value, p.ReferralBonus.Value, p.Payable.Value, payables.GetValueOrDefault(p.Entrant.Tally.Participant)?.Index, p.Entrant.PayoutAddress,
                payables.GetValueOrDefault(p.Entrant.Tally.Participant)?.ToClaim ?? false)),
        ];
        foreach (var moved in result.Participants)
            Reputations.Change(database, moved.Entrant.Tally.Participant, r => r + moved.Standing.ReputationAfter - moved.Entrant.Reputation);
    }

    private EpochDescription WithRevenue(EpochDescription row) =>
        row.Phase >= EpochState.Finalized ? row : row with { Revenue = database.Ledger[AccountName.Revenue(row.Number)].Balance };

    private Task<T> Read<T>(string operation, Func<T> query) => PoolDatabase.Read(operations, "epochs", operation, query);

    private Task<T> Commit<T>(string operation, Func<T> effect) => database.Commit(operations, "epochs", operation, effect);
}
