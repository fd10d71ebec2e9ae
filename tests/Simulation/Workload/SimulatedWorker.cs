using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.PoolSimulation.Audit;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>A worker's machine: its stream, its heartbeats, and the receipts that it keeps until they are acknowledged.</summary>
public sealed class SimulatedWorker(SimulatedPool pool, TonAddress owner, int number, int gpus) : PoolClient(pool)
{
    public const string Model = "model";

    private int _streams;
    private int _tasks;

    public WorkerId Id { get; } = new($"worker-{number}");

    /// <summary>The machine is off until then.</summary>
    public DateTimeOffset AwayUntil { get; set; }

    private string Key => GrainKeys.Worker(PoolTimes.PoolId, Id);

    /// <summary>Registers and activates, and starts the machine, unless the pool says no for good.</summary>
    public async Task Join()
    {
        var registration = new WorkerRegistration(owner, "H100", gpus, 80, 16, 64, [new(Model, 4096, 8)], 1000, "here", "test", WorkerKeys.PublicKey(number));
        if (!(await UntilNotRefused(g => g.GetGrain<IWorkerGrain>(Key).Register(registration), "unknown_participant")).Accepted)
            return;
        Auditor.Facts.Note($"worker {Id}", "registered");
        await UntilAnswered(g => g.GetGrain<IWorkerGrain>(Key).Attest());
        _ = Simulation.Begin(Run);
        await UntilNotRefused(g => g.GetGrain<IWorkerGrain>(Key).Activate(), "stake_below_tier", "participant_not_active");
    }

    /// <summary>A client's tasks, and their receipts in one batch: some of them again, changed or much later.</summary>
    public async Task Serve(int tasks)
    {
        var batch = new List<(Receipt Receipt, string Ticket)>();
        for (var i = 0; i < tasks; i++)
        {
            if (await ServeOne() is { } served)
                batch.Add(served);
        }

        if (batch.Count == 0)
            return;
        if (!Random.Chance(0.2))
        {
            await HandIn(batch);
            return;
        }

        // The machine keeps these for days and does other things meanwhile.
        var late = Random.Span(TimeSpan.FromDays(4));
        Pool.Concurrently(async () =>
        {
            await Wait(late);
            await HandIn(batch);
        });
    }

    private async Task HandIn(List<(Receipt Receipt, string Ticket)> batch)
    {
        await Submit(batch, Auditor.Contributions.Acknowledged);
        if (Random.Chance(0.3))
            await Submit(batch, Auditor.Contributions.Acknowledged);
        if (Random.Chance(0.1))
        {
            var changed = batch.ConvertAll(r => (r.Receipt with { LatencyMs = r.Receipt.LatencyMs + 1 }, r.Ticket));
            await Submit(changed, (task, _, _) => Auditor.Contributions.AcknowledgedConflict(task), mayGiveUp: true);
        }
    }

    private async Task<(Receipt Receipt, string Ticket)?> ServeOne()
    {
        var (task, started) = (new TaskId($"{Id}-task-{++_tasks}"), Now);
        var ticket = PoolTimes.Tickets.Issue(PoolTimes.PoolId, task, Id, new(Model, started, 1_000, 1_000));
        var tokens = 2 + Random.Next(500);
        var status = Random.Chance(0.05) ? 502 : 200;
        Pool.Streams.Prepare(task, tokens, status);
        var leavesEarly = Random.Chance(0.05);
        try
        {
            await Simulation.WhenUpAsync();
            await foreach (var _ in Simulation.Grains.GetGrain<IWorkerGrain>(Key).Execute(new(task, ticket, "chat/completions", Model, true, [])))
            {
                if (leavesEarly)
                    break;
            }
        }
        catch (Exception failure) when (AuditedLog.IsExplained(failure))
        {
            // The client sees an error; the worker may have served all the same.
        }

        if (!Pool.Streams.WasServed(task))
            return null;
        var counts = new TokenCounts(5, 0, Random.Chance(0.1) ? tokens + 5 : tokens, 0);
        var ended = Now < started ? started : Now;
        return (new(task, Id, owner, Model, counts, AdjustedTokens.Of(counts, new(), 1000), 100, 10, status == 200 ? TaskOutcome.Success : TaskOutcome.WorkerFault, started, ended), ticket);
    }

    private async Task Submit(List<(Receipt Receipt, string Ticket)> receipts, Action<string, TonAddress, long> acknowledged, bool mayGiveUp = false)
    {
        var left = receipts.ToList();
        for (var attempt = 0; left.Count > 0 && !(mayGiveUp && attempt > 3); attempt++)
        {
            var bytes = left.ConvertAll(r => r.Receipt.CanonicalBytes());
            var root = MerkleTree.Root([.. bytes.Select(b => MerkleTree.LeafHash(b))]);
            var signed = new SignedReceipts(root, WorkerKeys.Sign(number, root), [.. left.Select((r, i) => new SubmittedReceipt(bytes[i], r.Ticket))]);
            var answer = await UntilAnswered(g => g.GetGrain<IWorkerGrain>(Key).SubmitReceipts(signed));
            foreach (var task in answer.Acknowledged)
            {
                var receipt = left.Single(r => r.Receipt.TaskId.Value == task).Receipt;
                acknowledged(task, receipt.Participant, receipt.Tokens.Completion);
            }

            left.RemoveAll(r => answer.Acknowledged.Contains(r.Receipt.TaskId.Value, StringComparer.Ordinal) || answer.Refused.Any(f => f.TaskId == r.Receipt.TaskId.Value));
            if (left.Count > 0)
                await Wait(Random.Span(TimeSpan.FromMinutes(20)));
        }
    }

    /// <summary>The machine, for as long as the simulation is driven.</summary>
    private async Task Run()
    {
        while (true)
        {
            if (AwayUntil > Now)
                await Wait(AwayUntil - Now);
            var stream = $"stream-{++_streams}-{Id}";
            try
            {
                await Simulation.WhenUpAsync();
                Auditor.Contributions.Arrived(Id, Pool.Elapsed);
                Pool.Streams.Open(Id, stream);
                if ((await Simulation.Grains.GetGrain<IWorkerGrain>(Key).OpenStream(new(stream, "test"))).Accepted)
                    await Beat(stream);
            }
            catch (Exception failure) when (AuditedLog.IsExplained(failure))
            {
                // It connects again.
            }

            if (Pool.Streams.IsOpen(Id, stream))
                Pool.Streams.Close(Id);
            Auditor.Contributions.Left(Id, Pool.Elapsed);
            await Wait(Random.Span(TimeSpan.FromMinutes(5)));
        }
    }

    private async Task Beat(string stream)
    {
        for (long sequence = 1; Pool.Streams.IsOpen(Id, stream) && AwayUntil <= Now; sequence++)
        {
            await Wait(PoolTimes.Parameters.HeartbeatInterval + Random.Span(TimeSpan.FromMinutes(10)) - TimeSpan.FromMinutes(5));
            if (!Pool.Streams.IsOpen(Id, stream))
                return;
            if (!(await Simulation.Grains.GetGrain<IWorkerGrain>(Key).Heartbeat(new(stream, sequence, 0, 50))).Accepted)
                return;
            if (Random.Chance(0.05))
                await Simulation.Grains.GetGrain<IWorkerGrain>(Key).Heartbeat(new(stream, sequence, 0, 50));
        }
    }
}
