namespace CocoonPool.Domain.Routing;

/// <summary>
/// The candidate with the lowest load per capacity; among equals a random one, as likely as its capacity says, so that several silos
/// do not all choose the first and a quiet pool spreads its few requests.
/// Exact where one silo sees all the load; with many silos "power-of-two-choices" avoids that all run after the same worker.
/// </summary>
public sealed class LeastLoaded : IRoutingPolicy
{
    public string Name => "least-loaded";

    public bool GoesByChance => false;

    public int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw)
    {
        var (lowest, total) = (double.PositiveInfinity, 0.0);
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Load < lowest)
                (lowest, total) = (candidate.Load, 0);
            if (candidate.Load <= lowest)
                total += candidate.Capacity;
        }
        var left = (uint)draw.Random * (1.0 / (1UL << 32)) * total;
        var chosen = -1;
        for (var i = 0; i < candidates.Length && left >= 0; i++)
        {
            if (candidates[i].Load > lowest)
                continue;
            chosen = i;
            left -= candidates[i].Capacity;
        }
        return chosen;
    }

    public double Score(in Candidate candidate, in Draw draw) => candidate.Load;
}

/// <summary>The candidate with the lowest score, searched from a random start so that ties are broken evenly.</summary>
internal static class Lowest
{
    public static int Of(ReadOnlySpan<Candidate> candidates, in Draw draw, IRoutingPolicy policy)
    {
        if (candidates.IsEmpty)
            return -1;
        var start = (int)(draw.Random % (ulong)candidates.Length);
        var (best, lowest) = (-1, double.PositiveInfinity);
        for (var step = 0; step < candidates.Length; step++)
        {
            var index = (start + step) % candidates.Length;
            var score = policy.Score(candidates[index], draw);
            if (best < 0 || score < lowest)
                (best, lowest) = (index, score);
        }
        return best;
    }
}
