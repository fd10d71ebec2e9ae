namespace CocoonPool.Domain.Routing;

/// <summary>At random, each candidate as often as its capacity times its reputation says. Looks at no load: for fleets whose members are long known.</summary>
public sealed class Weighted : IRoutingPolicy
{
    public string Name => "weighted";

    public bool GoesByChance => true;

    public int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw)
    {
        var total = 0.0;
        foreach (ref readonly var candidate in candidates)
            total += Weight(candidate);
        // 53 bits of chance make every double in [0, 1) that can be told apart.
        var left = (draw.Random >> 11) * (1.0 / (1UL << 53)) * total;
        for (var i = 0; i < candidates.Length; i++)
        {
            left -= Weight(candidates[i]);
            if (left < 0)
                return i;
        }
        return candidates.Length - 1;
    }

    public double Score(in Candidate candidate, in Draw draw) => 1 / Weight(candidate);

    /// <summary>A reputation of nothing still leaves a trickle, or a worker could never earn one again.</summary>
    private static double Weight(in Candidate candidate) => candidate.Capacity * Math.Max(10, candidate.ReputationPermille) / 1000.0;
}
