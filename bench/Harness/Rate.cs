using System.Diagnostics;

namespace CocoonPool.Bench.Harness;

/// <summary>Closed loops: each caller begins its next action when the last one has ended.</summary>
public static class Rate
{
    /// <summary>How often per second all callers together did the action.</summary>
    /// <param name="action">Gets the caller's number, 0 to callers − 1, and how many it did before.</param>
    public static async Task<double> Of(BenchContext context, int callers, Func<int, long, Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => Loop(caller))));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;

        async Task<long> Loop(int caller)
        {
            long done = 0;
            while (Stopwatch.GetElapsedTime(start) < context.Slice)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                await action(caller, done++);
            }

            return done;
        }
    }
}
