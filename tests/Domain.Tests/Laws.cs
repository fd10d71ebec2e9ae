using System.Globalization;

namespace CocoonPool.Domain.Tests;

/// <summary>How many generated cases a law is tried on.</summary>
internal static class Laws
{
    private const int Default = 100_000;

    /// <summary>100,000, or what <c>LAW_CASES</c> in the environment says: mutation testing runs the laws thousands of times over.</summary>
    public static int Cases { get; } = int.TryParse(Environment.GetEnvironmentVariable("LAW_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : Default;

    /// <summary>For laws whose cases are whole epochs: fewer, and fewer still in proportion when all are cut.</summary>
    public static int Of(int cases) => (int)Math.Max(1, (long)cases * Cases / Default);
}
