using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CocoonPool.Architecture.Tests.Purity.Samples;

#pragma warning disable RS0030 // These samples break the rules on purpose, to show that the checkers see it.

internal sealed class ReadsTheClock
{
    public static DateTimeOffset Deadline() => DateTimeOffset.UtcNow.AddMinutes(1);
}

internal sealed class ReadsTheClockInALambda
{
    public static IEnumerable<DateTime> Stamps(int count) => Enumerable.Range(0, count).Select(_ => DateTime.UtcNow);
}

[SuppressMessage("Security", "CA5394", Justification = "A sample of what the rule forbids.")]
internal sealed class DrawsAtRandom
{
    public static int Throw() => Random.Shared.Next(6) + 1;
}

internal sealed class MakesAnId
{
    public static string Id() => Guid.NewGuid().ToString();
}

internal sealed class MeasuresTime
{
    public static long Ticks() => System.Diagnostics.Stopwatch.GetTimestamp();
}

internal sealed class Waits
{
    public static async Task<int> Later(Task<int> task) => await task;
}

internal sealed class ReadsAFile
{
    public static string Text(string path) => File.ReadAllText(path);
}

#pragma warning restore RS0030

internal sealed record HoldsADouble(double Share);

internal sealed class ConvertsOnTheWay
{
    public static long Half(long amount) => (long)(amount * 0.5);
}

internal sealed class CallsAFloatingOverload
{
    public static string Text(object value) => string.Join(',', ((IEnumerable<float>)value).Select(one => one.ToString(CultureInfo.InvariantCulture)));
}

internal sealed class HoldsADecimal
{
    public static decimal Fee(decimal revenue) => revenue / 20;
}
