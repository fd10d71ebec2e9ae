using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

// Where, when and from which amount on a participant is paid.
public sealed partial class ParticipantGrain
{
    /// <summary>A payout below this would mostly feed the network.</summary>
    private static readonly Nanotons SmallestMinPayout = new(50_000_000);

    public async Task<Outcome<ParticipantDescription>> ChangeSettings(PayoutSettings settings)
    {
        if (!record.State.Registered)
            return NotRegistered<ParticipantDescription>();
        if (settings.MinPayout < SmallestMinPayout)
            return Outcome<ParticipantDescription>.Refused("invalid_request", $"The minimum payout is at least {SmallestMinPayout.ToTonString()} TON.");
        if (settings.PayoutAddress is { Workchain: not 0 })
            return Outcome<ParticipantDescription>.Refused("invalid_request", "The pool pays to wallets of the basechain (0:…); give such an address.");
        if (settings.Muted is { } muted && Notifications.RefusalOf(muted) is { } refusal)
            return Outcome<ParticipantDescription>.Refused(refusal, $"Only these may be muted: {string.Join(", ", Notifications.Mutable)}. Everything else is always told.");
        var before = record.State.Destination;
        var destination = settings.PayoutAddress is { } to ? before.Change(to, time.GetUtcNow()) : before;
        record.State = record.State with
        {
            MinPayout = settings.MinPayout ?? record.State.MinPayout,
            Schedule = settings.Schedule ?? record.State.Schedule,
            PayoutAddress = destination.Current,
            NextPayoutAddress = destination.Next,
            NextPayoutFrom = destination.Next is null ? null : destination.NextFrom,
            Muted = settings.Muted is null ? record.State.Muted : [.. settings.Muted.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
        await Write();
        if (destination is { Next: { } next } && destination != before)
            await Tell($"payout-address/{destination.NextFrom.ToUnixTimeMilliseconds()}", "payout_address_changed", new { from = destination.Current, to = next, effectiveAt = destination.NextFrom });
        return await Review();
    }

    public async Task<Outcome<ParticipantDescription>> Claim()
    {
        if (!record.State.Registered)
            return NotRegistered<ParticipantDescription>();
        var now = time.GetUtcNow();
        if (record.State.ClaimRequestedAt is { } earlier && await WaitsForItsEpoch(earlier, now))
            return Outcome<ParticipantDescription>.Refused("claim_waits", "Your claim for the epoch that is over is still being closed; ask again when that epoch is finalized.");
        record.State = record.State with { ClaimRequestedAt = now };
        await Write();
        return await Review();
    }

    /// <summary>
    /// Whether the epoch in which the claim was made is over and not finalized yet. A claim for the running epoch would take its place,
    /// and the earlier one would be forgotten before anybody has paid it.
    /// </summary>
    private async Task<bool> WaitsForItsEpoch(DateTimeOffset claimedAt, DateTimeOffset now) =>
        (await epochs.Unsettled(PoolId)).Any(epoch => epoch.Phase < EpochState.Finalized && epoch.End <= now && epoch.Start <= claimedAt && claimedAt < epoch.End);
}
