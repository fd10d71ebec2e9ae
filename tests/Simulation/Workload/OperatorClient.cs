using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>The pool's operator, who does one thing after the other.</summary>
public sealed class OperatorClient(SimulatedPool pool) : PoolClient(pool)
{
    private const string PoolState = "state of the pool";

    private int _slashes;

    public async Task CreatePool()
    {
        var definition = new PoolDefinition("Simulated", ChainModel.Operator, PoolParametersJson.Write(PoolTimes.Parameters), PoolTimes.Grace);
        await UntilAnswered(g => Grain(g).Create(definition));
        await UntilAnswered(async g =>
        {
            await g.GetGrain<IRevenueGrain>(PoolTimes.PoolId).Watch();
            await g.GetGrain<IStakeWatchGrain>(PoolTimes.PoolId).Watch();
            return true;
        });
        Auditor.Facts.Note(PoolState, "Active");
    }

    public Task Do(Operation operation) => operation.Kind switch
    {
        OperationKind.CloseEarly => UntilAnswered(g => Grain(g).FinalizeEpoch(new(Early: true, DryRun: false))),
        OperationKind.Pause => Interrupt("Paused", p => p.Pause("simulated"), p => p.Resume(), operation.Amount),
        OperationKind.Maintain => Interrupt("Maintenance", p => p.StartMaintenance("simulated"), p => p.EndMaintenance(), operation.Amount),
        OperationKind.Freeze => Freeze(operation.Amount),
        OperationKind.Slash => Slash(Member.AddressOf((int)operation.Amount / 4), (int)operation.Amount % 4),
        OperationKind.ProposeFee => ProposeFee((int)operation.Amount),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "No operator does this."),
    };

    private static IPoolGrain Grain(IGrainFactory grains) => grains.GetGrain<IPoolGrain>(PoolTimes.PoolId);

    private async Task Interrupt(string state, Func<IPoolGrain, Task<Outcome>> begin, Func<IPoolGrain, Task<Outcome>> end, long hours)
    {
        // A refusal may be the answer to a repeat of what was done already, so it says nothing.
        await Note(state, await UntilAnswered(g => begin(Grain(g))));
        await Wait(TimeSpan.FromHours(hours));
        await Note("Active", await UntilAnswered(g => end(Grain(g))));
    }

    private Task Note(string state, Outcome outcome)
    {
        if (outcome.Accepted)
            Auditor.Facts.Note(PoolState, state);
        else
            Auditor.Facts.Forget(PoolState);
        return Task.CompletedTask;
    }

    private async Task Freeze(long hours)
    {
        if (Pool.Database.Epochs.Rows.FirstOrDefault(e => e.Phase is EpochState.Finalized or EpochState.Settling) is not { } epoch)
            return;
        var key = GrainKeys.Epoch(PoolTimes.PoolId, epoch.Number);
        await UntilAnswered(g => g.GetGrain<ISettlementGrain>(key).Freeze("simulated"));
        await Wait(TimeSpan.FromHours(hours));
        await UntilAnswered(g => g.GetGrain<ISettlementGrain>(key).Resume());
        Auditor.Facts.Note($"settlement {epoch.Number}", "not frozen");
    }

    private async Task Slash(TonAddress participant, int course)
    {
        var accusation = new SlashAccusation(participant, SlashOffence.MaliciousResult, $"case {++_slashes}");
        var id = SlashRules.IdOf(participant, accusation.Offence, accusation.Evidence);
        var key = $"{PoolTimes.PoolId}/{id}";
        if (!(await UntilAnswered(g => g.GetGrain<ISlashGrain>(key).Open(accusation))).Accepted)
            return;
        Auditor.Facts.Note($"slash {id}", "Final");
        await Wait(Random.Span(TimeSpan.FromHours(24)));
        if (course is 1 or 2 && !(await UntilAnswered(g => g.GetGrain<ISlashGrain>(key).Appeal("it was not me"))).Accepted)
            Auditor.Object($"the appeal against slash {id} came in time and was refused");
        if (course == 1 && !(await UntilAnswered(g => g.GetGrain<ISlashGrain>(key).Uphold("it was"))).Accepted)
            Auditor.Object($"slash {id} could not be upheld");
        if (course is 2 or 3)
        {
            if (!(await UntilAnswered(g => g.GetGrain<ISlashGrain>(key).Void("a mistake"))).Accepted)
                Auditor.Object($"slash {id} could not be voided");
            Auditor.Facts.Note($"slash {id}", "Voided");
        }
    }

    private async Task ProposeFee(int basisPoints)
    {
        var change = PoolParametersJson.Write(new ParameterChange { FeeBps = basisPoints });
        var answer = await UntilAnswered(g => Grain(g).ProposeParameters(new(change, "simulated")));
        if (answer.Value is { } proposal)
            Auditor.Facts.Note($"proposal {proposal.Id} {basisPoints}", "Applied");
    }
}
