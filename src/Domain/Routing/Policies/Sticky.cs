namespace CocoonPool.Domain.Routing;

/// <summary>
/// The same conversation to the same worker, whose cache then holds the beginning of its prompt: weighted rendezvous hashing of the
/// prefix, so that a worker that comes or goes moves only its own conversations. A worker that carries a quarter more than its
/// share of the load is passed over for the next in the conversation's own order. Without a prefix it chooses like power-of-two-choices.
/// Sources: D. Thaler and C. Ravishankar, "Using name-based mappings to increase hit rates", 1998; V. Mirrokni, M. Thorup and
/// M. Zadimoghaddam, "Consistent hashing with bounded loads", 2016.
/// </summary>
public sealed class Sticky : IRoutingPolicy
{
    /// <summary>How much more than its share of the load a worker may carry before it is passed over.</summary>
    private const double Bound = 1.25;

    private static readonly PowerOfTwoChoices WithoutPrefix = new();

    public string Name => "sticky";

    public bool GoesByChance => false;

    public int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw)
    {
        if (draw.Prefix == 0 || candidates.Length <= 1)
            return WithoutPrefix.Choose(candidates, draw);
        var (running, capacity) = (1.0, 0.0);
        foreach (ref readonly var candidate in candidates)
        {
            running += candidate.Running;
            capacity += candidate.Capacity;
        }
        var (best, lowest) = (-1, double.PositiveInfinity);
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            var share = Math.Ceiling(Bound * running * candidate.Capacity / capacity);
            var score = Score(candidate, draw);
            if (candidate.Running < share && score < lowest)
                (best, lowest) = (i, score);
        }
        return best >= 0 ? best : WithoutPrefix.Choose(candidates, draw);
    }

    /// <summary>−ln(hash) ÷ capacity: the smallest of these falls on each candidate in proportion to its capacity.</summary>
    public double Score(in Candidate candidate, in Draw draw)
    {
        var hash = PrefixHash.Mix(PrefixHash.Of(candidate.Worker.Value) ^ draw.Prefix);
        return -Math.Log(((hash >> 11) + 1) * (1.0 / (1UL << 53))) / candidate.Capacity;
    }
}
