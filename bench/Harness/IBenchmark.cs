namespace CocoonPool.Bench.Harness;

/// <summary>
/// Measures one or more rows. A public class with a constructor that takes nothing is found by itself; it lies in its room's
/// folder.
/// </summary>
public interface IBenchmark
{
    /// <summary>One word, lower case with hyphens: what <c>./cocoon bench NAME</c> selects.</summary>
    string Name { get; }

    /// <summary>The room; its lower-case name selects all its benchmarks.</summary>
    string Room { get; }

    /// <summary>What is measured, for <c>--list</c>.</summary>
    string Summary { get; }

    /// <summary>Whether its figures depend on the grain engine. Those that do have a row for each engine.</summary>
    bool DependsOnEngine => true;

    /// <exception cref="NotMeasurableException">Something that it needs is not on this machine.</exception>
    Task<IReadOnlyList<Measurement>> Run(BenchContext context);
}

/// <summary>A benchmark cannot run on this machine; the message says what is missing and how to get it. It is reported, and is no failure.</summary>
public sealed class NotMeasurableException(string message) : Exception(message);
