using System.Diagnostics;
using CocoonPool.Bench.Engine.Host;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Bench.Engine;

/// <summary>What one more idle worker weighs: its grain, its line in the routing table, and its open stream on a real socket.</summary>
public sealed class IdleWorkerBenchmark : IBenchmark
{
    private static readonly Row Resident = new("worker-idle-resident", "resident memory per idle worker, native memory included", "KiB", Better.Lower);

    public string Name => "idle-workers";

    public string Room => nameof(Engine);

    public string Summary => "memory per idle worker grain with its stream";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        await using var host = await WorkerHost.Start(await context.Database("workers"));
        // What the first workers bring into memory (code, caches, connections of the pool) is not one more worker's.
        await using var first = await Agents.Join(context, host, "first", context.Size(200, 50));
        var (managed, resident) = (new List<double>(), new List<double>());
        var count = context.Size(1_000, 100);
        var joined = new List<Agents>();
        try
        {
            for (var round = 1; round <= context.Rounds; round++)
            {
                var before = Memory();
                joined.Add(await Agents.Join(context, host, $"round{round}", count));
                var after = Memory();
                managed.Add((after.Managed - before.Managed) / 1024.0 / count);
                resident.Add((after.Resident - before.Resident) / 1024.0 / count);
                context.Say($"round {round} of {context.Rounds}: {count} more workers, {Figures.Short(managed[^1])} KiB each");
            }
        }
        finally
        {
            foreach (var agents in joined)
                await agents.DisposeAsync();
        }

        var note = $"{context.Rounds} times {count} workers more, active and with a heartbeat";
        return
        [
            Goal.IdleWorker.Measured(new(managed)) with { Note = note + "; managed memory after a full collection" },
            Resident.Measured(new(resident)) with { Note = note + "; the collector keeps pages for later, so rounds differ" },
        ];
    }

    private static (long Managed, long Resident) Memory()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }

    /// <summary>A process with the agents' ends of many streams.</summary>
    private sealed class Agents(Process process) : IAsyncDisposable
    {
        public static async Task<Agents> Join(BenchContext context, WorkerHost host, string prefix, int count)
        {
            var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
            foreach (var word in (string[])[context.Program("Bench", "cocoon-bench"), IdleWorkers.Command, $"{host.Url}", prefix, $"{count}"])
                start.ArgumentList.Add(word);
            var agents = new Agents(Process.Start(start)!);
            try
            {
                var workers = new List<(WorkerId, byte[])>();
                for (var i = 0; i < count; i++)
                {
                    var words = (await agents.Line(context)).Split(' ');
                    workers.Add((new(words[0]), Convert.FromBase64String(words[1])));
                }

                await host.Join(workers);
                await agents.Say("go");
                await agents.Line(context);
                foreach (var (id, _) in workers)
                {
                    if (!await host.IsConnected(id))
                        throw new InvalidOperationException($"{id} is not connected, although its agent was welcomed.");
                }

                return agents;
            }
            catch
            {
                await agents.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        private async Task<string> Line(BenchContext context) =>
            await process.StandardOutput.ReadLineAsync(context.Cancellation) ?? throw new InvalidOperationException("The agents' process ended early; its words are above.");

        private async Task Say(string line)
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
        }
    }
}
