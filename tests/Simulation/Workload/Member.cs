using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>A participant: a person with a wallet and some machines, who does one thing after the other.</summary>
public sealed class Member(SimulatedPool pool, int number) : PoolClient(pool)
{
    private const int MostWorkers = 10;

    private readonly List<SimulatedWorker> _workers = [];

    public TonAddress Address { get; } = AddressOf(number);

    public static TonAddress AddressOf(int number) => new(0, [.. Enumerable.Repeat((byte)(number + 1), 32)]);

    public Task Do(Operation operation) => operation.Kind switch
    {
        OperationKind.Join => Join(operation.Amount),
        OperationKind.Stake => Stake(operation.Amount),
        OperationKind.AddWorker => AddWorker((int)operation.Amount),
        OperationKind.Serve => _workers.Count == 0 ? Task.CompletedTask : Random.Pick(_workers).Serve((int)operation.Amount),
        OperationKind.StayAway => StayAway(operation.Amount),
        OperationKind.SetMinPayout => Set("smallest payout", new(new Nanotons(operation.Amount * 1_000_000)), operation.Amount * 1_000_000),
        OperationKind.SetPayoutAddress => Set("next payout address", new(null, null, AddressOf(100 + (int)operation.Amount)), null),
        OperationKind.SetSchedule => Set("schedule", new(null, (PayoutSchedule)operation.Amount), (PayoutSchedule)operation.Amount),
        OperationKind.Claim => UntilAnswered(g => Grain(g).Claim()),
        OperationKind.Withdraw => Withdraw(operation.Amount),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "No participant does this."),
    };

    private IParticipantGrain Grain(IGrainFactory grains) => grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolTimes.PoolId, Address));

    private async Task Join(long broughtBy)
    {
        TonAddress? referrer = broughtBy > 0 ? AddressOf((int)broughtBy - 1) : null;
        var answer = await UntilNotRefused(g => Grain(g).Register(referrer), "pool_not_active");
        if (answer.Refusal == "not_a_participant" || answer.Refusal == "referrer_unknown")
            answer = await UntilNotRefused(g => Grain(g).Register(), "pool_not_active");
        if (answer.Accepted)
            Auditor.Facts.Note($"participant {Address}", "registered");
    }

    private Task Stake(long ton)
    {
        Pool.Chain.Stake(Address, Nanotons.FromTon(ton));
        return Task.CompletedTask;
    }

    private Task AddWorker(int gpus)
    {
        var worker = new SimulatedWorker(Pool, Address, number * MostWorkers + _workers.Count, gpus);
        _workers.Add(worker);

        // Its owner does other things meanwhile; if it fails, the auditor hears of it at the end.
        Pool.Concurrently(worker.Join);
        return Task.CompletedTask;
    }

    private Task StayAway(long hours)
    {
        if (_workers.Count > 0)
            Random.Pick(_workers).AwayUntil = Now + TimeSpan.FromHours(hours);
        return Task.CompletedTask;
    }

    private async Task Set(string what, PayoutSettings settings, object? fact)
    {
        if ((await UntilAnswered(g => Grain(g).ChangeSettings(settings))).Accepted && fact is not null)
            Auditor.Facts.Note($"participant {Address} {what}", fact.ToString()!);
    }

    private async Task Withdraw(long ton)
    {
        var answer = await UntilAnswered(g => Grain(g).RequestWithdrawal(ton == 0 ? null : Nanotons.FromTon(ton)));
        if (answer.Value is not { } withdrawal)
            return;
        if (ton == 0)
        {
            // A change of mind. Who asks again after an unknown outcome is told that it is cancelled.
            await UntilAnswered(g => Grain(g).CancelWithdrawal(withdrawal.Id));
            return;
        }

        // From here on it is between the wallet and the stake account; the pool follows and pays what is due. Some ask for more than they
        // announced, and some take the money themselves before the pool does.
        Pool.Chain.Stakes.Request(Address, Random.Chance(0.8) ? withdrawal.Amount : Pool.Chain.Stakes.State(Address).Stake);
        await Wait(Random.Span(PoolTimes.Parameters.WithdrawalDelay * 2));
        if (Random.Chance(0.2))
            Pool.Chain.Stakes.Cancel(Address);
        else if (Random.Chance(0.3))
            Pool.Chain.Stakes.Complete(Address);
    }
}
