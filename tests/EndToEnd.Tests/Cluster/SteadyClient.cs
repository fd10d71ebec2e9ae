using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace CocoonPool.EndToEnd.Tests.Cluster;

/// <summary>Calls without end, one after the other, and remembers when a call succeeded and what was acknowledged by it.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<long> _successes = new();
    private readonly Task _calling;

    /// <param name="request">Makes the next request, with what is acknowledged when it succeeds, or null when its answer says that.</param>
    public SteadyClient(string name, HttpClient http, Func<(HttpRequestMessage Request, string? Acknowledged)> request)
    {
        Name = name;
        _calling = Task.Run(() => Call(http, request));
    }

    public string Name { get; }

    /// <summary>Ids of tasks that were answered, or addresses of participants that were registered.</summary>
    public ConcurrentBag<string> Acknowledged { get; } = [];

    public ConcurrentBag<string> Failures { get; } = [];

    public int Successes => _successes.Count;

    /// <summary>The longest time without a success among those that end after the moment.</summary>
    public TimeSpan LongestPause(long since)
    {
        var ends = _successes.ToArray();
        return ends.Zip(ends.Skip(1)).Where(pair => pair.Second > since).Select(pair => Stopwatch.GetElapsedTime(pair.First, pair.Second)).DefaultIfEmpty().Max();
    }

    /// <summary>Waits until so many further calls have succeeded.</summary>
    public async Task Succeeds(int times, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        for (var wanted = Successes + times; Successes < wanted;)
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience, $"{Name}: {Successes} of {wanted} calls succeeded; failures: {string.Join("; ", Failures.Take(5))}");
            await Task.Delay(Pace, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _calling;
        _stop.Dispose();
    }

    private async Task Call(HttpClient http, Func<(HttpRequestMessage Request, string? Acknowledged)> next)
    {
        while (!_stop.IsCancellationRequested)
        {
            var (request, acknowledged) = next();
            using (request)
            {
                try
                {
                    using var response = await http.SendAsync(request);
                    if (response.IsSuccessStatusCode)
                    {
                        if ((acknowledged ?? Header(response.Headers, "X-Task-ID")) is { } id)
                            Acknowledged.Add(id);
                        _successes.Enqueue(Stopwatch.GetTimestamp());
                    }
                    else
                    {
                        Failures.Add($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                    }
                }
                catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or IOException)
                {
                    Failures.Add(problem.Message);
                }
            }
            await Task.Delay(Pace);
        }
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
