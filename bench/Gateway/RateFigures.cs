using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Gateway;

/// <summary>Requests per second of several contenders in turns, and beside each what its processes paid for a request.</summary>
internal sealed class RateFigures(BenchContext context, Load load, int callers)
{
    /// <summary>Slices of load before anything counts: under it a .NET process needs half a minute until what is hot is compiled for good.</summary>
    private const int WarmUp = 15;

    private readonly Contenders _contenders = new();
    private readonly List<string> _urls = [];
    private readonly Dictionary<string, List<double>> _costs = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, Sample> _rates = new Dictionary<string, Sample>(StringComparer.Ordinal);

    /// <param name="costs">Names of processes, and the processor time that they have used so far.</param>
    public RateFigures Add(string name, string url, params (string Name, Func<TimeSpan> Used)[] costs)
    {
        _urls.Add(url);
        _contenders.Add(name, () =>
        {
            var (before, sent) = (Array.ConvertAll(costs, cost => cost.Used()), load.Sent);
            var rate = load.Rate(url, callers, context.Slice);
            for (var i = 0; i < costs.Length; i++)
            {
                if (!_costs.TryGetValue(costs[i].Name, out var figures))
                    _costs.Add(costs[i].Name, figures = []);
                figures.Add((costs[i].Used() - before[i]).TotalMilliseconds / (load.Sent - sent));
            }
            return Task.FromResult(rate);
        });
        return this;
    }

    public async Task Run()
    {
        foreach (var url in _urls)
        {
            for (var slice = 0; slice < context.Size(WarmUp, 1); slice++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                load.Rate(url, callers, context.Slice);
            }
        }
        _rates = await _contenders.Run(context);
        foreach (var (name, figures) in _costs)
            context.Say($"processor time per request, {name}: {Cost(name).Median:0.0000} ms");
    }

    public Sample Figure(string contender) => _rates[contender];

    /// <summary>Milliseconds per request, without the round for warming up.</summary>
    public Sample Cost(string process) => new(_costs[process][1..]);
}
