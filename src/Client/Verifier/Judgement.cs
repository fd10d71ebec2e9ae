using System.Numerics;

namespace CocoonPool.Verifier;

/// <summary>
/// What becomes of one participant by the rule book, as far as money is not concerned. Taken from the rules' words with exact
/// fractions, each rounded where the rules say so.
/// </summary>
internal sealed record Judgement(
    int UptimeBps, int? QualityPpm, int MultiplierPpm, string? IneligibleBecause, int ConcentrationBps, bool OverConcentration, int ReputationAfter)
{
    private const long Day = 24L * 60 * 60 * 1000;

    public static Judgement[] Of(Claims claims)
    {
        var participants = claims.Participants;
        var uptimes = participants.Select(Uptime).ToArray();
        var qualities = participants.Select(Quality).ToArray();
        var reasons = participants
            .Select((p, i) => p.Suspended ? "suspended" : uptimes[i] < claims.MinUptimeBps ? "uptime_below_minimum" : null).ToArray();
        var isBest = BestTenth(claims, qualities, reasons);
        var gpus = participants.Aggregate(BigInteger.Zero, (sum, p) => sum + p.AttestedGpus);
        return [.. participants.Select((p, i) =>
        {
            var part = gpus.IsZero ? Fraction.Zero : new Fraction(p.AttestedGpus, gpus) * new Fraction(10_000, 1);
            return new Judgement(
                uptimes[i],
                qualities[i],
                Multiplier(claims.EndUnixMs - p.JoinedUnixMs, uptimes[i], isBest[i]),
                reasons[i],
                (int)part.Floor,
                Fraction.ByValue.Compare(part, new Fraction(claims.MaxConcentrationBps, 1)) > 0,
                Reputation(p.ReputationBefore, p.ExpectedGpuMilliseconds.IsZero ? null : uptimes[i], qualities[i]));
        })];
    }

    private static int Uptime(ParticipantClaims participant)
    {
        if (participant.ExpectedGpuMilliseconds.IsZero)
            return 10_000;
        var exact = new Fraction(participant.Tallies[1], participant.ExpectedGpuMilliseconds) * new Fraction(10_000, 1);
        return (int)BigInteger.Min(exact.Floor, 10_000);
    }

    /// <summary>Mean quality per token of what succeeded × part of the tasks that succeeded.</summary>
    private static int? Quality(ParticipantClaims participant)
    {
        var (tokens, tasks, quality) = (participant.Tallies[0], participant.Tallies[2], participant.Tallies[3]);
        if (tokens.IsZero)
            return participant.FailedTasks > 0 ? 0 : null;
        if (tasks + participant.FailedTasks == 0)
            return null;
        return (int)(new Fraction(quality, tokens) * new Fraction(tasks, tasks + participant.FailedTasks)).Floor;
    }

    private static int Multiplier(long tenureMs, int uptimeBps, bool isBest) => tenureMs switch
    {
        < 30 * Day => 800_000,
        <= 90 * Day => 1_000_000,
        _ when isBest && uptimeBps >= 9_900 => 1_200_000,
        _ when uptimeBps >= 9_500 => 1_100_000,
        _ => 1_000_000,
    };

    /// <summary>The best tenth of the eligible by quality; of equal ones those with more of it, then the lower addresses, which come first in the bundle.</summary>
    private static bool[] BestTenth(Claims claims, int?[] qualities, string?[] reasons)
    {
        var ranking = claims.Participants
            .Select((p, i) => (Place: i, Quality: qualities[i], Work: p.Tallies[3]))
            .Where(one => one.Quality is not null && reasons[one.Place] is null)
            .OrderBy(one => (-one.Quality!.Value, -one.Work))
            .ToArray();
        var best = new bool[qualities.Length];
        foreach (var one in ranking[..(ranking.Length / 10)])
            best[one.Place] = true;
        return best;
    }

    /// <summary>A tenth of the way to the mean of what was measured, a broken step rounded up.</summary>
    private static int Reputation(int before, int? uptimeBps, int? qualityPpm)
    {
        var measures = new List<Fraction>();
        if (uptimeBps is { } uptime)
            measures.Add(new Fraction(uptime, 10_000));
        if (qualityPpm is { } quality)
            measures.Add(new Fraction(quality, 1_000_000));
        if (measures.Count == 0)
            return before;
        var mean = measures.Aggregate(Fraction.Zero, (sum, one) => sum + one) / new Fraction(measures.Count, 1);
        var target = (int)(mean * new Fraction(1000, 1)).Floor;
        var step = -(int)new Fraction(-Math.Abs(target - before), 10).Floor;
        return target < before ? before - step : before + step;
    }
}
