using System.Diagnostics;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.TestKit.Processes;

namespace CocoonPool.Bench.Settlement;

/// <summary>A hundred thousand payouts of one epoch: planned, signed, sent and confirmed over the real contract on the local chain.</summary>
public sealed class SettlementBenchmark : IBenchmark
{
    private static readonly Row Speed = new("settlement-payouts", "payouts planned, signed and confirmed on the local chain", "payouts/s", Better.Higher);

    public string Name => "settlement";

    public string Room => nameof(Settlement);

    public string Summary => "100,000 payouts over the local chain: payouts per second, network fee per payout, memory of silo, gateway and chain";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        var participants = context.Size(100_000, 1_000);
        await using var pool = await SettlementPool.Start(context, participants);
        KeptService[] services = [pool.Silo, pool.Ton.Gateway, pool.Ton.Chain];
        var memory = services.ToDictionary(service => service.Name, _ => new List<double>(), StringComparer.Ordinal);
        var before = await pool.OperatorBalance();

        await pool.End();
        var start = Stopwatch.GetTimestamp();
        var said = Stopwatch.GetTimestamp();
        while (await pool.Progress() is { Settled: false } progress)
        {
            foreach (var service in services)
                memory[service.Name].Add(Resident(await service.Pid()));
            if (Stopwatch.GetElapsedTime(said) > TimeSpan.FromSeconds(15))
            {
                context.Say($"{progress.Confirmed:n0} of {progress.Planned:n0} messages confirmed; {string.Join(", ", memory.Select(m => $"{m.Key} {m.Value[^1]:0} MiB"))}");
                said = Stopwatch.GetTimestamp();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), context.Cancellation);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        while (!await pool.IsQuiet())
            await Task.Delay(TimeSpan.FromMilliseconds(20), context.Cancellation);
        var fee = (before - await pool.OperatorBalance()) / 1e9 / participants;
        var broken = await pool.FirstWrongBalance();
        var note = $"one epoch of {participants:n0} payouts in batches of {SettlementSilo.BatchSize}, every balance compared with its share";
        return
        [
            Goal.NetworkFee.Measured(Sample.Exactly(fee)) with
            {
                Broken = broken, Note = $"everything that the signing wallet lost, the opening of the epoch too, at mainnet's prices; {note}",
            },
            Speed.Measured(Sample.Exactly(participants / seconds)) with { Broken = broken, Note = $"{note}; from the end of the epoch, its closing included" },
            .. memory.Select(m => Memory(m.Key).Measured(Sample.Exactly(m.Value.Max())) with { Note = Growth(m.Value) }),
        ];
    }

    private static Row Memory(string service) => new($"settlement-memory-{service}", $"most memory of the {service} meanwhile", "MiB", Better.Lower);

    /// <summary>What is bounded is as high in the middle as at the end.</summary>
    private static string Growth(List<double> samples) =>
        samples.Count < 4 ? "" : $"{samples[samples.Count / 4]:0} MiB after a quarter of the time, {samples[samples.Count / 2]:0} after half, {samples[^1]:0} at the end";

    private static double Resident(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }
}
