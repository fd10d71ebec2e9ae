using System.Diagnostics;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Grains.Epochs;
using CocoonPool.Verifier;

namespace CocoonPool.Bench.Accounting;

/// <summary>Closing an epoch of a hundred thousand participants: tallies, shares, tree, bundle, ledger lines and the plan of the payout.</summary>
public sealed class LargeCloseBenchmark : IBenchmark
{
    public string Name => "large-close";

    public string Room => nameof(Accounting);

    public string Summary => "close of 100,000 participants with bundle and Merkle tree: time and memory";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        var participants = context.Size(100_000, 5_000);
        await using var pool = await AccountingPool.Start(context, "large_close", participants);
        var (times, memory) = (new List<double>(), new List<double>());
        for (var epoch = 1; epoch <= context.Rounds; epoch++)
        {
            await pool.Fill(new(epoch), participants);
            await pool.Database.Execute("checkpoint; analyze");
            GC.Collect();
            using var peak = new PeakMemory();
            var start = Stopwatch.GetTimestamp();
            await pool.Close();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            memory.Add(await peak.Mebibytes());
            context.Say($"epoch {epoch} of {context.Rounds}: {Figures.Short(times[^1])} s, {Figures.Short(memory[^1])} MiB at most");
        }

        var bundle = await pool.Database.Get<IEpochStore>().Bundle(PoolDatabase.PoolId, new(1), context.Cancellation);
        var report = EpochVerifier.Verify(bundle!.Json, Convert.ToHexStringLower(bundle.Hash));
        var broken = report.Ok ? null : $"the second implementation differs: {report.Differences[0]}";
        var note = $"{participants:n0} participants are paid, bundle of {bundle.Json.Length:n0} bytes; with the plan of its settlement";
        return [Goal.CloseTime.Measured(new(times)) with { Broken = broken, Note = note }, Goal.CloseMemory.Measured(new(memory)) with { Note = "of the whole process, at its highest" }];
    }

    /// <summary>The process's resident memory, looked at every few milliseconds.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly Task<long> _watch;

        public PeakMemory() => _watch = Task.Run(Watch);

        public async Task<double> Mebibytes()
        {
            await _over.CancelAsync();
            return await _watch / (1024.0 * 1024);
        }

        public void Dispose() => _over.Dispose();

        private async Task<long> Watch()
        {
            var highest = Environment.WorkingSet;
            while (!_over.IsCancellationRequested)
            {
                await Task.Delay(5);
                highest = Math.Max(highest, Environment.WorkingSet);
            }

            return highest;
        }
    }
}
