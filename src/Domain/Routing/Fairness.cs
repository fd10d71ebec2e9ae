namespace CocoonPool.Domain.Routing;

/// <summary>How evenly work is spread.</summary>
public static class Fairness
{
    /// <summary>
    /// The Gini coefficient of load ÷ weight: 0 when everybody carries their share, towards 1 when one carries all. Computed as
    /// Σᵢ (2i − n − 1)·xᵢ ÷ (n·Σx) over the ascending values. 0 for fewer than two or without load.
    /// </summary>
    /// <param name="loads">What each carried.</param>
    /// <param name="weights">What each can carry; the same length, all positive.</param>
    public static double Gini(IReadOnlyList<double> loads, IReadOnlyList<double> weights)
    {
        var normal = new double[loads.Count];
        for (var i = 0; i < normal.Length; i++)
            normal[i] = loads[i] / weights[i];
        Array.Sort(normal);
        var (sum, ranked) = (0.0, 0.0);
        for (var i = 0; i < normal.Length; i++)
        {
            sum += normal[i];
            ranked += (2 * (i + 1) - normal.Length - 1) * normal[i];
        }
        return normal.Length < 2 || sum <= 0 ? 0 : ranked / (normal.Length * sum);
    }
}
