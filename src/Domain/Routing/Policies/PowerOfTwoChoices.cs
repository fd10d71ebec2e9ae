namespace CocoonPool.Domain.Routing;

/// <summary>
/// Takes two different candidates at random and chooses the one with the lower load per capacity: nearly as even as looking at
/// all of them, at constant cost, and without the herd effect of "least loaded" on a snapshot that is a moment old.
/// Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.
/// The two are drawn evenly and compared by weight, so that a degraded worker is still seen and still takes its quarter.
/// </summary>
public sealed class PowerOfTwoChoices : IRoutingPolicy
{
    public string Name => "power-of-two-choices";

    public int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw)
    {
        if (candidates.Length <= 1)
            return candidates.Length - 1;
        var first = (int)((uint)draw.Random % (uint)candidates.Length);
        var offset = (int)((uint)(draw.Random >> 32) % (uint)(candidates.Length - 1));
        var second = (first + 1 + offset) % candidates.Length;
        return candidates[second].Load < candidates[first].Load ? second : first;
    }

    public double Score(in Candidate candidate, in Draw draw) => candidate.Load;
}
