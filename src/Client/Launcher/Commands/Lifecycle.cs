using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Commands;

/// <summary><c>up</c>, <c>down</c> and <c>status</c>: one machine's pool that stays.</summary>
public sealed class Lifecycle(Checkout checkout, Report report, TimeProvider time)
{
    public async Task<int> Up(StateDirectory state, int silos, CancellationToken cancellationToken)
    {
        // A silo that is just being started again is part of a pool that is up: its keeper runs.
        if (RunRecord.ReadAll(state.Run).Any(record => record.Process.IsRunning && (SiloService.IsName(record.Name) || record.Name == Keeper.Name)))
        {
            report.Line("The pool is up already.");
            return await Status(state, cancellationToken);
        }

        var start = time.GetTimestamp();
        await StopLeftovers(state);
        state.Create();
        RunningPool pool;
        try
        {
            pool = await RunningPool.Start(checkout, state, silos, new Dictionary<string, string>(StringComparer.Ordinal), report, time, cancellationToken);
            await pool.KeepSilos(cancellationToken);
        }
        catch
        {
            // Half a pool is no pool: what was started is stopped again, and the state stays for the next try.
            await new ServiceStop(state.Run, time).StopAll();
            throw;
        }

        report.Line();
        report.Line($"The pool is up after {report.Seconds(start)}.");
        report.Line($"  console       {pool.ConsoleUrl}");
        foreach (var url in pool.SiloUrls)
            report.Line($"  REST API      {url}/api/v1   OpenAI-compatible: {url}/v1");
        report.Line($"  chain         {pool.Chain.ChainUrl}/api/v2");
        report.Line($"  operator key  {pool.Secrets.OperatorKey}");
        report.Line("Stop it with ./cocoon down; its state stays in " + state.Path + ".");
        return 0;
    }

    public async Task<int> Down(StateDirectory state)
    {
        var stopped = await new ServiceStop(state.Run, time).StopAll();
        report.Line(stopped.Count == 0 ? $"Nothing was running in {state.Path}." : $"Stopped: {string.Join(", ", stopped)}.");
        return 0;
    }

    public async Task<int> Status(StateDirectory state, CancellationToken cancellationToken)
    {
        var records = RunRecord.ReadAll(state.Run);
        if (records.Count == 0)
        {
            report.Line($"Nothing is running in {state.Path}; start it with ./cocoon up.");
            return 1;
        }

        var table = new TextTable(new TextColumn("service"), new("pid", true), new("port", true), new("state"), new("health"));
        var well = true;
        foreach (var record in records)
        {
            var running = record.Process.IsRunning;
            var health = running ? await ServiceHealth.Ask(record, cancellationToken) : "-";
            well &= running && !health.StartsWith("not", StringComparison.Ordinal);
            table.Add(record.Name, $"{record.Process.Pid}", record.Port?.ToString() ?? "-", running ? "running" : "ended", health);
        }

        report.Table(table);
        return well ? 0 : 1;
    }

    /// <summary>What a killed launcher left running would hold ports and files of the new run.</summary>
    public async Task StopLeftovers(StateDirectory state)
    {
        var leftovers = await new ServiceStop(state.Run, time).StopAll();
        if (leftovers.Count > 0)
            report.Line($"· stopped what an earlier run left running: {string.Join(", ", leftovers)}");
    }

    /// <summary>A state folder made anew; the database goes too, wherever it had to lie.</summary>
    public async Task<StateDirectory> Fresh(StateDirectory state)
    {
        await StopLeftovers(state);
        await new OutsideData(state).Remove(CancellationToken.None);
        state.Remove();
        state.Create();
        return state;
    }
}
