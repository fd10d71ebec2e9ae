using System.Text.Json;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Grains.Settlement;

// The entries that are not sent: taken aside, released, claimed.
public sealed partial class SettlementGrain
{
    public async Task<Outcome> Release(TonAddress participant)
    {
        if ((await Frozen()).Contains(participant))
            return Outcome.Refused("payouts_frozen", $"Payouts to {participant.ToFriendly()} are frozen; lift the freeze first.");
        if (await Release(held => held.Entry.Participant == participant))
            await StayAwake();
        return Outcome.Done;
    }

    private async Task<IReadOnlySet<TonAddress>> Frozen() => (await freezes.List(PoolId)).Select(freeze => freeze.Participant).ToHashSet();

    /// <summary>Payouts to a participant were frozen after the plan: the batch is made anew without them. No signature for it is alive.</summary>
    private async Task<bool> TakeFrozenAside(SettlementTurn turn, SettlementMessage message)
    {
        var frozen = await Frozen();
        return frozen.Count > 0 && await Regroup(BatchRegrouping.TakeAside(
            Batch(message), entry => frozen.Contains(entry.Participant) ? PayoutPlan.Judge(entry, frozen, UnpayableAddresses) : null, turn.NextBatch));
    }

    /// <summary>The chain gateway names entries that it never signs; the others are signed without them.</summary>
    private async Task<bool> TakeRefusedAside(SettlementTurn turn, SettlementMessage message, IReadOnlyDictionary<int, string> refused)
    {
        var reasonOf = refused.Where(r => r.Key >= 0 && r.Key < message.Entries.Count).ToDictionary(r => message.Entries[r.Key].Index, r => r.Value);
        return await Regroup(BatchRegrouping.TakeAside(
            Batch(message), entry => reasonOf.TryGetValue(entry.Index, out var reason) ? new(entry, HoldReason.Unpayable, HoldState.Withheld, null, reason) : null, turn.NextBatch));
    }

    private Task<bool> Split(SettlementTurn turn, SettlementMessage message, string detail) =>
        Regroup(BatchRegrouping.AfterRefusal(Batch(message), turn.NextBatch, turn.NextRelease, detail));

    private async Task<bool> Regroup(BatchRegrouping? regrouping)
    {
        if (regrouping is null)
            return false;
        await TellOf(regrouping.Held);
        await Audit($"regrouped/{regrouping.Replaced.Index}", new { batches = regrouping.Batches.Select(b => b.Index), held = regrouping.Held.Select(h => h.Entry.Index) });
        await store.Regroup(PoolId, Number, regrouping, SettlementTransfers.Regroup(regrouping, time.GetUtcNow()));
        LogRegrouped(Number, regrouping.Replaced.Index, regrouping.Batches.Length, regrouping.Held.Length);
        return true;
    }

    private PlannedBatch Batch(SettlementMessage message) => new(Number, message.Index, [.. message.Entries], message.ListHash, message.Total);

    public async Task LookAfterHolds()
    {
        if (await store.Turn(PoolId, Number) is not { OpenHolds: > 0 } turn)
            return;
        if (turn.Phase == Domain.Epochs.EpochState.Settled && await ReleaseLifted())
            await StayAwake();
        await NoticeClaims();
    }

    private async Task<bool> ReleaseLifted()
    {
        var frozen = await Frozen();
        return await Release(held => held.Reason == HoldReason.PayoutsFrozen && !frozen.Contains(held.Entry.Participant));
    }

    private async Task<bool> Release(Func<HeldPayout, bool> which)
    {
        var withheld = (await store.OpenHolds(PoolId, Number)).Where(held => held.State == HoldState.Withheld && which(held)).ToList();
        if (withheld.Count == 0 || await store.Turn(PoolId, Number) is not { } turn)
            return false;
        await Audit($"released/{turn.NextRelease}", new { entries = withheld.Select(held => held.Entry.Index) });
        var released = await store.Release(PoolId, Number, PayoutPlan.CutReleases(withheld.Select(held => held.Entry), turn.NextRelease));
        if (released)
            LogReleased(Number, withheld.Count);
        return released;
    }

    /// <summary>The contract's state is the proof of a claim. Its transaction is wanted for the books, and is found a moment later.</summary>
    private async Task NoticeClaims()
    {
        var open = (await store.OpenHolds(PoolId, Number)).Where(held => held.State != HoldState.Withheld).ToDictionary(held => held.Entry.Index);
        if (open.Count == 0)
            return;
        foreach (var claim in (await chain.Epoch(Number)).Claimed.Where(claim => claim.TransactionHash is not null && open.ContainsKey(claim.Index)))
        {
            var held = open[claim.Index];
            await Audit($"claimed/{claim.Index}", new { transaction = claim.TransactionHash, amountNano = held.Entry.Amount });
            await store.BookClaim(PoolId, Number, claim.Index, claim.TransactionHash!, SettlementTransfers.Claimed(Number, held, claim.TransactionHash!, time.GetUtcNow()));
            LogClaimed(Number, claim.Index, held.Entry.Amount, claim.TransactionHash!);
        }
    }

    /// <summary>The participants hear of it before it happens rather than never: the event has an id of its own and is written once.</summary>
    private async Task TellOf(IEnumerable<HeldPayout> held)
    {
        foreach (var one in held.Where(one => one.Reason != HoldReason.ClaimSchedule))
        {
            await events.Append(PoolId, new(
                $"settlement/{Number}/held/{one.Entry.Participant}", time.GetUtcNow(), "payout_held", one.Entry.Participant,
                JsonSerializer.Serialize(new { epoch = Number, participant = one.Entry.Participant, reason = one.Reason, amountNano = one.Entry.Amount, one.Detail }, DomainJson.Told)));
        }
    }
}
