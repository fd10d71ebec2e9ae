using System.Collections.Immutable;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Epochs;

/// <summary>Judges every entrant of an epoch: uptime, quality, eligibility, multiplier, concentration, reputation.</summary>
public static class Standings
{
    /// <summary>A standing for each entrant, in the entrants' order.</summary>
    public static ImmutableArray<Standing> Of(EpochClose close)
    {
        var entrants = close.Entrants;
        var uptimes = entrants.Select(e => ExpectedUptime.BasisPoints(e.Tally.GpuMilliseconds, e.ExpectedGpuMilliseconds)).ToArray();
        var qualities = entrants.Select(e => MeasuredQuality.Ppm(e.Tally)).ToArray();
        var reasons = entrants.Select((e, i) => Eligibility.RefusalOf(e.Suspended, uptimes[i], close.Parameters)).ToArray();
        var best = TopDecile(entrants, qualities, reasons);
        var gpus = entrants.Sum(e => (long)e.AttestedGpus);

        return [.. entrants.Select((entrant, i) => new Standing(
            uptimes[i],
            qualities[i],
            Multiplier.Ppm(close.End - entrant.JoinedAt, uptimes[i], best.Contains(i)),
            reasons[i],
            Concentration.BasisPoints(entrant.AttestedGpus, gpus),
            Concentration.Exceeds(entrant.AttestedGpus, gpus, close.Parameters.MaxConcentrationBps),
            Reputation.AfterEpoch(entrant.Reputation, entrant.ExpectedGpuMilliseconds.IsZero ? null : uptimes[i], qualities[i])))];
    }

    /// <summary>
    /// The best tenth of the eligible by quality, never more than a tenth. Many have the same quality, most often a perfect one;
    /// among them more work of that quality comes first, and at last the lower address, so that the order is total.
    /// </summary>
    private static HashSet<int> TopDecile(ImmutableArray<EpochEntrant> entrants, int?[] qualities, string?[] reasons)
    {
        var judged = Enumerable.Range(0, entrants.Length).Where(i => reasons[i] is null && qualities[i] is not null).ToArray();
        return [.. judged
            .OrderByDescending(i => qualities[i])
            .ThenByDescending(i => entrants[i].Tally.QualityTokens)
            .ThenBy(i => entrants[i].Tally.Participant)
            .Take(judged.Length / 10)];
    }
}
