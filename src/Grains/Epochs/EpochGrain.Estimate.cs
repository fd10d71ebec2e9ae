using System.Numerics;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Epochs;

// What everybody would get if the epoch ended now.
public sealed partial class EpochGrain
{
    /// <summary>How old an estimate may be: a page that many look at costs one computation.</summary>
    private static readonly TimeSpan EstimateKept = TimeSpan.FromSeconds(5);

    private Dictionary<TonAddress, ParticipantEstimate> _estimates = [];
    private DateTimeOffset _estimatedAt;

    public async Task<ParticipantEstimate?> Estimate(TonAddress participant)
    {
        var now = EpochCalendar.WholeMilliseconds(time.GetUtcNow());
        if (now - _estimatedAt >= EstimateKept)
        {
            _estimates = await epochs.Find(PoolId, Number) is { Phase: EpochState.Open } open && now > open.Start
                ? Estimates(EpochFinalization.Finalize(await Gather(open with { End = now < open.End ? now : open.End })), now)
                : [];
            _estimatedAt = now;
        }
        return _estimates.GetValueOrDefault(participant);
    }

    private static Dictionary<TonAddress, ParticipantEstimate> Estimates(EpochResult result, DateTimeOffset now)
    {
        var total = result.Participants.Aggregate(BigInteger.Zero, (sum, one) => sum + one.Weight);
        return result.Participants.ToDictionary(one => one.Entrant.Tally.Participant, one => new ParticipantEstimate(
            one.Share, one.ReferralBonus, total.IsZero ? 0 : (int)(one.Weight * 1_000_000 / total), one.Standing.UptimeBps, one.Standing.QualityPpm,
            one.Standing.MultiplierPpm, one.Standing.IneligibleBecause, now));
    }
}
