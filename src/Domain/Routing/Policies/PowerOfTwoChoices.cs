namespace CocoonPool.Domain.Routing;

/// <summary>
/// Takes two different candidates at random, each as likely as its capacity says, and chooses the one with the lower load, the first
/// when they are equal: nearly as even as looking at all of them, and without the herd effect of "least loaded" on a snapshot that is
/// a moment old.
/// Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.
/// Drawn by capacity, every candidate gets its share also when nothing runs anywhere: a new worker a quarter of it at first, a small
/// one as much as its size says. Drawn evenly, the loads of small workers would be compared far too often, and those of a quiet pool
/// would say nothing.
/// </summary>
public sealed class PowerOfTwoChoices : IRoutingPolicy
{
    public string Name => "power-of-two-choices";

    public bool GoesByChance => true;

    public int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw)
    {
        if (candidates.Length <= 1)
            return candidates.Length - 1;
        var first = ByCapacity.Draw(candidates, (uint)draw.Random);
        var second = ByCapacity.Draw(candidates, (uint)(draw.Random >> 32), except: first);
        return candidates[second].Load < candidates[first].Load ? second : first;
    }

    public double Score(in Candidate candidate, in Draw draw) => candidate.Load;
}
