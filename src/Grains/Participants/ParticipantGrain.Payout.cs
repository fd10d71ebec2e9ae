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
        record.State = record.State with { ClaimRequestedAt = time.GetUtcNow() };
        await Write();
        return await Review();
    }
}
