namespace CocoonPool.Domain.Routing;

/// <summary>
/// Takes two different candidates at random and chooses the one with the lower load per capacity: nearly as even as looking at
/// all of them, at constant cost, and without the herd effect of "least loaded" on a snapshot that is a moment old.
/// Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.
/// </summary>
public sealed class PowerOfTwoChoices : IRoutingPolicy
{
    public string Name => "power-of-two-choices";

    public int Choose(ReadOnlySpan<Candidate> candidates, ulong random)
    {
        if (candidates.Length <= 1)
            return candidates.Length - 1;
        var first = (int)((uint)random % (uint)candidates.Length);
        var offset = (int)((uint)(random >> 32) % (uint)(candidates.Length - 1));
        var second = (first + 1 + offset) % candidates.Length;
        return LoadedLess(candidates[second], candidates[first]) ? second : first;
    }

    /// <summary>Compares (running + 1) ÷ (capacity × weight) by cross-multiplication: exact, and a worker with more room wins when both are idle.</summary>
    private static bool LoadedLess(in Candidate left, in Candidate right) =>
        (left.Running + 1L) * right.MaxConcurrency * right.WeightPercent < (right.Running + 1L) * left.MaxConcurrency * left.WeightPercent;
}
