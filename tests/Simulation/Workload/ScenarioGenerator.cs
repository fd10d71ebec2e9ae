using System.Collections.Immutable;
using CocoonPool.Engine.Deterministic;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>Draws a month of pool life from a seed.</summary>
public static class ScenarioGenerator
{
    /// <summary>What is begun later than this could reach into the peace.</summary>
    private static readonly TimeSpan LastBeginning = TimeSpan.FromDays(26);

    private static readonly Faults Storage = new() { StoreRefused = 0.03, StoreUnacknowledged = 0.03, StoreSlow = 0.08 };
    private static readonly Faults Network = new() { MessageDelayed = 0.08, RequestLost = 0.01, ResponseLost = 0.01, TimerLate = 0.05 };
    private static readonly Faults Crashes = new() { ActivationCrash = 0.004, EngineCrash = 0.0004, StoreSlow = 0.05 };
    private static readonly Faults Everything = Faults.All with { EngineCrash = 0.0002 };

    /// <summary>Everything goes wrong in half of the months; in the others one thing often, or nothing, so that no fault hides another.</summary>
    private static readonly ImmutableArray<Faults> Profiles = [Everything, Everything, Everything, Everything, Storage, Network, Crashes, Faults.None];

    public static Scenario Of(ulong seed)
    {
        var random = new SeededRandom(seed ^ 0x5EED_0F_A_900DUL);
        var operations = new List<Operation>();
        var participants = 2 + random.Next(4);
        for (var participant = 0; participant < participants; participant++)
            Participant(random, operations, participant);
        Operator(random, operations, participants);
        Environment(random, operations);
        Upgrades(new SeededRandom(seed ^ 0x0DD_5E7_0F_F1E1D5UL), operations);
        var trouble = random.Chance(0.3) ? new ChainTrouble(0, 0, 0) : new ChainTrouble(0.2, 0.2, 0.2);
        return new(seed, random.Pick(Profiles), trouble, [.. operations.OrderBy(o => o.At)]);
    }

    private static void Participant(SeededRandom random, List<Operation> operations, int number)
    {
        var joins = random.Span(TimeSpan.FromDays(number == 0 ? 1 : 6));
        Add(joins, OperationKind.Join, number > 0 && random.Chance(0.5) ? 1 + random.Next(number) : 0);
        Add(joins + random.Span(TimeSpan.FromHours(12)), OperationKind.Stake, 100 + random.Next(4) * 100);
        Add(joins + random.Span(TimeSpan.FromHours(12)), OperationKind.AddWorker, 1 + random.Next(2));
        if (random.Chance(0.3))
            Add(joins + random.Span(TimeSpan.FromDays(10)), OperationKind.AddWorker, 1 + random.Next(2));
        for (var at = joins; at < LastBeginning; at += random.Span(TimeSpan.FromHours(60)))
            Add(at, OperationKind.Serve, 1 + random.Next(3));
        Sometimes(0.4, OperationKind.StayAway, () => 2 + random.Next(60));
        Sometimes(0.4, OperationKind.SetMinPayout, () => 50 + random.Next(5_000));
        Sometimes(0.4, OperationKind.SetPayoutAddress, () => 1 + random.Next(100));
        Sometimes(0.3, OperationKind.SetSchedule, () => random.Next(3));
        Sometimes(0.3, OperationKind.Claim, () => 0);
        Sometimes(0.3, OperationKind.Withdraw, () => random.Next(100));
        Sometimes(0.2, OperationKind.Stake, () => 1 + random.Next(100));

        void Sometimes(double chance, OperationKind kind, Func<long> amount)
        {
            if (random.Chance(chance))
                Add(joins + random.Span(LastBeginning - joins), kind, amount());
        }

        void Add(TimeSpan at, OperationKind kind, long amount) => operations.Add(new(at, kind, number, amount));
    }

    private static void Operator(SeededRandom random, List<Operation> operations, int participants)
    {
        for (var at = random.Span(TimeSpan.FromDays(2)); at < LastBeginning; at += random.Span(TimeSpan.FromDays(3)))
            operations.Add(new(at, OperationKind.Revenue, Operation.Environment, 1 + random.Next(40)));
        Some(2, OperationKind.Slash, () => random.Next(participants) * 4 + random.Next(4));
        Some(2, OperationKind.ProposeFee, () => random.Next(1000));
        Some(1, OperationKind.CloseEarly, () => 0);
        Some(1, OperationKind.Pause, () => 1 + random.Next(12));
        Some(1, OperationKind.Maintain, () => 1 + random.Next(12));
        Some(1, OperationKind.Freeze, () => 1 + random.Next(24));

        void Some(int most, OperationKind kind, Func<long> amount) => ScenarioGenerator.Some(random, operations, Operation.Operator, most, kind, amount);
    }

    private static void Environment(SeededRandom random, List<Operation> operations)
    {
        Some(2, OperationKind.Restart, () => 1 + random.Next(120));
        Some(2, OperationKind.Crash, () => 1 + random.Next(600));
        Some(1, OperationKind.SetClock, () => random.Next(240) - 120);
        Some(1, OperationKind.ChainAway, () => 1 + random.Next(24));
        Some(1, OperationKind.Underfund, () => 1 + random.Next(50));

        void Some(int most, OperationKind kind, Func<long> amount) => ScenarioGenerator.Some(random, operations, Operation.Environment, most, kind, amount);
    }

    /// <summary>Drawn by themselves, so that the seeds' other operations are what they were without them.</summary>
    private static void Upgrades(SeededRandom random, List<Operation> operations) =>
        Some(random, operations, Operation.Environment, 2, OperationKind.Upgrade, () => 1 + random.Next(72));

    private static void Some(SeededRandom random, List<Operation> operations, int actor, int most, OperationKind kind, Func<long> amount)
    {
        for (var left = random.Next(most + 1); left > 0; left--)
            operations.Add(new(TimeSpan.FromDays(1) + random.Span(LastBeginning - TimeSpan.FromDays(1)), kind, actor, amount()));
    }
}
