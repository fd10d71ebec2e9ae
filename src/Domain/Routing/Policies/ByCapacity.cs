namespace CocoonPool.Domain.Routing;

/// <summary>Draws a candidate, each as likely as its capacity says.</summary>
internal static class ByCapacity
{
    /// <param name="random">32 random bits.</param>
    /// <param name="except">An index that is not drawn; −1 for none. At least one other candidate must be left.</param>
    public static int Draw(ReadOnlySpan<Candidate> candidates, uint random, int except = -1)
    {
        var total = 0.0;
        for (var i = 0; i < candidates.Length; i++)
            total += i == except ? 0 : candidates[i].Capacity;
        var left = random * (1.0 / (1UL << 32)) * total;
        var drawn = -1;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (i == except)
                continue;
            drawn = i;
            left -= candidates[i].Capacity;
            if (left < 0)
                break;
        }
        return drawn;
    }
}
