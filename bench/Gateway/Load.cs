using System.Diagnostics;

namespace CocoonPool.Bench.Gateway;

/// <summary>Requests of many clients in closed loops, a thread and a connection each.</summary>
/// <param name="key">The API key that every request carries.</param>
internal sealed class Load(string key)
{
    private const string Whole = """{"model":"bench","max_tokens":16,"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"What is silk made of, and since when do people make it?"}]}""";
    private const string Streamed = """{"model":"bench","max_tokens":32,"stream":true,"messages":[{"role":"user","content":"What is silk made of?"}]}""";

    private long _sent;
    private long _failed;

    public long Sent => Volatile.Read(ref _sent);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>What is wrong with the figures when fewer than 99.9 % of the requests succeeded, or null.</summary>
    public string? Broken => Failed * 1000 > Sent ? $"{Failed} of {Sent} requests failed" : null;

    /// <summary>A client that asks for whole answers.</summary>
    public HttpCaller Caller(string url) => new(url, key, Whole);

    /// <summary>One request; counted.</summary>
    public Asked Ask(HttpCaller caller)
    {
        var asked = caller.Ask();
        Interlocked.Increment(ref _sent);
        if (!asked.Succeeded)
            Interlocked.Increment(ref _failed);
        return asked;
    }

    /// <summary>Requests per second of as many clients as stated, over the time that is given.</summary>
    public double Rate(string url, int callers, TimeSpan time)
    {
        var (start, done) = (Stopwatch.GetTimestamp(), 0L);
        Run(callers, _ =>
        {
            using var caller = Caller(url);
            for (var count = 0; ; count++)
            {
                if (Stopwatch.GetElapsedTime(start) >= time)
                {
                    Interlocked.Add(ref done, count);
                    return;
                }
                Ask(caller);
            }
        });
        return done / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Milliseconds to the first byte of the answer, of streams that run side by side. They begin over the time that one lasts, as
    /// they do where people type.
    /// </summary>
    public IReadOnlyList<double> FirstTokens(string url, int streams, int each)
    {
        var times = new List<double>();
        Run(streams, stream =>
        {
#pragma warning disable RS0030 // No waiting for something: the streams shall not begin in one moment.
            Thread.Sleep(FakeBackend.Pause * FakeBackend.Pieces * stream / streams);
#pragma warning restore RS0030
            using var caller = new HttpCaller(url, key, Streamed);
            for (var n = 0; n < each; n++)
            {
                var asked = Ask(caller);
                lock (times)
                    times.Add(asked.FirstByte.TotalMilliseconds);
            }
        });
        return times;
    }

    private static void Run(int callers, Action<int> loop)
    {
        var threads = Enumerable.Range(0, callers).Select(i => new Thread(() => loop(i), maxStackSize: 256 * 1024)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }
}
