using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace CocoonPool.EndToEnd.Tests.Cluster;

/// <summary>Calls without end, one after the other, and remembers when a call succeeded and what was acknowledged by it.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    /// <summary>The client's own rhythm, which makes the longest pause between successes mean something.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<long> _successes = new();
    private readonly Task _calling;
    private TaskCompletionSource _succeeded = NextSuccess();

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
        var wanted = Successes + times;
        try
        {
            // The next success is taken before they are counted, so that none comes unseen in between.
            for (var next = Volatile.Read(ref _succeeded).Task; Successes < wanted; next = Volatile.Read(ref _succeeded).Task)
                await next.WaitAsync(Patience, cancel);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{Name}: {Successes} of {wanted} calls succeeded; failures: {string.Join("; ", Failures.Take(5))}", late);
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
        using var rhythm = new PeriodicTimer(Pace);
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
                        Interlocked.Exchange(ref _succeeded, NextSuccess()).SetResult();
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
            await rhythm.WaitForNextTickAsync();
        }
    }

    private static TaskCompletionSource NextSuccess() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
