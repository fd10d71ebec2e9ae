namespace CocoonPool.Bench.Harness;

/// <summary>
/// Measures several things in turns, round after round, so that whatever else the machine does meanwhile meets all of them.
/// The order turns around every round: what runs first in one runs last in the next.
/// </summary>
/// <remarks>
/// BenchmarkDotNet runs one thing to its end before the next, in a process of its own: right for nanoseconds, but a ratio
/// against a database or a proxy needs its two halves measured within the same seconds.
/// </remarks>
public sealed class Contenders
{
    private readonly List<(string Name, Func<Task<double>> Measure)> _all = [];

    /// <param name="name">For the progress lines and to find the sample again.</param>
    /// <param name="measure">Measures once and gives the figure.</param>
    public Contenders Add(string name, Func<Task<double>> measure)
    {
        _all.Add((name, measure));
        return this;
    }

    /// <summary>One warm-up round and then the context's rounds; the samples by name.</summary>
    public async Task<IReadOnlyDictionary<string, Sample>> Run(BenchContext context)
    {
        var figures = _all.ToDictionary(contender => contender.Name, _ => new List<double>(), StringComparer.Ordinal);
        for (var round = 0; round <= context.Rounds; round++)
        {
            foreach (var (name, measure) in round % 2 == 0 ? _all : Enumerable.Reverse(_all))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var figure = await measure();
                if (round > 0)
                    figures[name].Add(figure);
            }

            context.Say(round == 0 ? "warmed up" : $"round {round} of {context.Rounds}: {string.Join(", ", figures.Select(f => $"{f.Key} {Figures.Short(f.Value[^1])}"))}");
        }

        return figures.ToDictionary(f => f.Key, f => new Sample(f.Value), StringComparer.Ordinal);
    }
}
