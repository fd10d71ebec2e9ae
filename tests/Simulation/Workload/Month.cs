using CocoonPool.Domain.Epochs;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>Lets everybody do what the scenario says, each in order and all at once.</summary>
public sealed class Month(SimulatedPool pool, Scenario scenario) : PoolClient(pool)
{
    private readonly List<(string Who, Task Work)> _work = [];
    private readonly Dictionary<int, Operation> _under = [];

    public void Begin()
    {
        var (operatorClient, surroundings) = (new OperatorClient(Pool), new Surroundings(Pool));
        Pool.Concurrently = work => _work.Add(("a worker", Simulation.Begin(work)));
        _work.Add(("the operator", Simulation.Begin(async () =>
        {
            await operatorClient.CreatePool();
            await InOrder(Operation.Operator, operatorClient.Do);
        })));

        // What happens to the pool happens at its time, whatever else is going on.
        foreach (var happening in scenario.Operations.Where(o => o.Actor == Operation.Environment))
            _work.Add(($"{happening}", Simulation.Begin(() => At(happening, surroundings.Do))));
        _ = Simulation.Begin(surroundings.ClaimPayouts);
        _ = Simulation.Begin(surroundings.FreezePayouts);
        foreach (var number in scenario.Operations.Select(o => o.Actor).Where(actor => actor >= 0).Distinct().Order())
            _work.Add(($"participant {number}", Simulation.Begin(() => InOrder(number, new Member(Pool, number).Do))));
    }

    /// <summary>Whoever failed, or waits for an answer still.</summary>
    public void JudgeWork()
    {
        foreach (var (who, work) in _work)
        {
            if (work.Exception is { InnerException: { } failure })
                Auditor.Object($"{who} met a failure that no fault explains: {failure}");
            else if (!work.IsCompleted)
                Auditor.Object($"{who} still waits for an answer{string.Concat(Simulation.Unfinished.Take(3).Select(each => $"; {each}"))}");
        }

        foreach (var operation in _under.Values)
            Auditor.Object($"'{operation}' was never answered");
    }

    /// <summary>What the grains say now, under the names under which it was acknowledged.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadFacts()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var number in scenario.Operations.Select(o => o.Actor).Where(actor => actor >= 0).Distinct())
        {
            var address = Member.AddressOf(number);
            if (await UntilAnswered(g => g.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolTimes.PoolId, address)).Describe()) is not { } known)
                continue;
            seen[$"participant {address}"] = Pool.Database.Participants.TryGetValue(address, out var listed) && listed.State == known.State ? "registered" : "in no directory, or in another state there";
            seen[$"participant {address} smallest payout"] = known.MinPayout.ToString();
            seen[$"participant {address} schedule"] = known.Schedule.ToString();
        }

        foreach (var worker in Pool.Database.Workers.Values)
        {
            if (await UntilAnswered(g => g.GetGrain<IWorkerGrain>(GrainKeys.Worker(PoolTimes.PoolId, worker.Worker.Id)).Describe()) is { } known)
            {
                seen[$"worker {known.Id}"] = "registered";
                if (known.State != worker.Worker.State)
                    Auditor.Object($"worker {known.Id} is {known.State} and the directory says {worker.Worker.State}");
            }
        }

        seen["state of the pool"] = (await UntilAnswered(g => g.GetGrain<IPoolGrain>(PoolTimes.PoolId).Terms()))?.State.ToString() ?? "none";
        foreach (var proposal in await UntilAnswered(g => g.GetGrain<IPoolGrain>(PoolTimes.PoolId).Proposals()))
            seen[$"proposal {proposal.Id} {PoolParametersJson.ReadChange(proposal.Change).FeeBps}"] = proposal.State.ToString();
        foreach (var slash in Pool.Database.Slashes.Keys)
            seen[$"slash {slash}"] = (await UntilAnswered(g => g.GetGrain<ISlashGrain>($"{PoolTimes.PoolId}/{slash}").Describe()))?.State.ToString() ?? "none";
        foreach (var epoch in Pool.Database.Epochs.Rows.Where(e => e.Phase >= EpochState.Finalized))
        {
            var settlement = await UntilAnswered(g => g.GetGrain<ISettlementGrain>(GrainKeys.Epoch(PoolTimes.PoolId, epoch.Number)).Describe());
            seen[$"settlement {epoch.Number}"] = settlement.Frozen ? "frozen" : "not frozen";
        }

        return seen;
    }

    private async Task InOrder(int actor, Func<Operation, Task> perform)
    {
        foreach (var operation in scenario.Operations.Where(o => o.Actor == actor))
        {
            await Until(operation.At);
            _under[actor] = operation;
            await perform(operation);
            _under.Remove(actor);
        }
    }

    private async Task At(Operation operation, Func<Operation, Task> perform)
    {
        await Until(operation.At);
        await perform(operation);
    }

    private Task Until(TimeSpan at) => at > Pool.Elapsed ? Wait(at - Pool.Elapsed) : Task.CompletedTask;
}
