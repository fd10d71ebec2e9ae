namespace CocoonPool.Domain.Routing;

/// <summary>
/// One after the other. A candidate of less than full weight lets some of its turns pass to its neighbour: of a hundred rounds it
/// takes as many as its weight says, evenly spread.
/// </summary>
public sealed class RoundRobin : IRoutingPolicy
{
    public string Name => "round-robin";

    public bool GoesByChance => false;

    public int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw)
    {
        if (candidates.IsEmpty)
            return -1;
        var count = (ulong)candidates.Length;
        var (round, start) = Math.DivRem(draw.Turn, count);
        for (var step = 0UL; step < count; step++)
        {
            var index = (int)((start + step) % count);
            if (TakesItsTurn(candidates[index].WeightPercent, round))
                return index;
        }
        return (int)start;
    }

    public double Score(in Candidate candidate, in Draw draw) => 100.0 / candidate.WeightPercent;

    private static bool TakesItsTurn(int weightPercent, ulong round) =>
        (round + 1) * (ulong)weightPercent / 100 > round * (ulong)weightPercent / 100;
}
