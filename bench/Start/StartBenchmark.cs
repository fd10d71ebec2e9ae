using System.Diagnostics;
using CocoonPool.Bench.Engine.Host;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Client.Launcher.Commands;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Bench.Start;

/// <summary>From <c>./cocoon up</c> to a pool that answers: with nothing there yet, and with the state of an earlier run.</summary>
public sealed class StartBenchmark : IBenchmark
{
    private static readonly Row Again = new("start-up-again", "start of ./cocoon up with the state of an earlier run", "s", Better.Lower);

    public string Name => "start";

    public string Room => nameof(Start);

    public string Summary => "./cocoon up when built";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        var lifecycle = new Lifecycle(context.Checkout, new Report(context.Time), context.Time);
        var state = new StateDirectory(Path.Combine(context.Checkout.Root, ".cocoon", "bench-start"));
        var stop = new ServiceStop(state.Run, context.Time);
        try
        {
            // The round for warming up builds what has to be built. A start again follows a first start in every round, whichever way it turns.
            var found = await new Contenders()
                .Add("first", async () =>
                {
                    await stop.StopAll();
                    await lifecycle.Fresh(state);
                    return await Up(context, state);
                })
                .Add("again", async () =>
                {
                    await stop.StopAll();
                    return await Up(context, state);
                })
                .Run(context);
            return
            [
                Goal.Start.Measured(found["first"]) with { Note = "with an empty state folder: PostgreSQL and the chain are made, and the contract is deployed" },
                Again.Measured(found["again"]),
            ];
        }
        finally
        {
            await stop.StopAll();
            await lifecycle.Fresh(state);
            state.Remove();
        }
    }

    private static async Task<double> Up(BenchContext context, StateDirectory state)
    {
        var start = Stopwatch.GetTimestamp();
        var run = await CommandRun.Of(
            [Path.Combine(context.Checkout.Root, "cocoon"), "up", "--engine", EngineHost.Name, "--state", state.Path], context.Cancellation);
        return run.ExitCode == 0
            ? Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"./cocoon up ended with {run.ExitCode}: {run.Output}{run.Error}");
    }
}
