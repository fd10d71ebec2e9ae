using System.Diagnostics;
using CocoonPool.Bench.Accounting;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Scale;

/// <summary>How closing an epoch grows with its participants, in time and in bytes that are kept for good.</summary>
public sealed class ParticipantsBenchmark : IBenchmark
{
    public string Name => "participants";

    public string Room => nameof(Scale);

    public string Summary => "closing against the number of participants: seconds, and bytes that are kept";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        var rows = new List<Measurement>();
        foreach (var (size, participants) in ((string, int)[])[("1k", context.Size(1_000, 100)), ("10k", context.Size(10_000, 500)), ("20k", context.Size(20_000, 1_000))])
        {
            await using var pool = await AccountingPool.Start(context, $"participants_{size}", participants);
            await pool.Fill(new(1), participants);
            await pool.Close();
            var (seconds, processor, bytes) = (new List<double>(), new List<double>(), new List<double>());
            for (var epoch = 2; epoch <= 1 + context.Rounds; epoch++)
            {
                await pool.Fill(new(epoch), participants);
                await pool.Database.Execute("checkpoint");
                var before = await Kept(pool);
                using var process = Process.GetCurrentProcess();
                var (start, used) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
                await pool.Close();
                process.Refresh();
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                processor.Add((process.TotalProcessorTime - used).TotalSeconds);
                bytes.Add((await Kept(pool) - before) / (double)participants);
            }

            context.Say($"{participants:n0} participants: {Figures.Short(new Sample(seconds).Median)} s, {Figures.Short(new Sample(bytes).Median)} bytes each");
            rows.Add(new Row($"close-{size}", $"close of {size[..^1]} k participants with the plan of its settlement", "s", Better.Lower).Measured(new(seconds)));
            rows.Add(new Row($"close-{size}-processor", $"processor time of the silo for it, {size[..^1]} k participants", "s", Better.Lower).Measured(new(processor)));
            rows.Add(new Row($"close-{size}-kept", $"kept for good per participant and epoch, {size[..^1]} k participants", "bytes", Better.Lower).Measured(new(bytes)) with
            {
                Note = "ledger lines, shares, bundle and planned payout, indexes included; the payout's own lines follow when it is paid",
            });
        }

        return rows;
    }

    private static Task<long> Kept(AccountingPool pool) => pool.Database.Count("select pg_database_size(current_database())");
}
