using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests;

/// <summary>Small epochs to start an example from.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Monday = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The address with this number as its hash; higher numbers sort later.</summary>
    public static TonAddress Address(long number)
    {
        var hash = new byte[32];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(hash.AsSpan(24), number);
        return new TonAddress(0, hash);
    }

    /// <summary>Somebody who was online all the time that was expected, and who joined 60 days before the end: their multiplier is one.</summary>
    public static EpochEntrant Entrant(
        long address,
        BigInteger? tokens = null,
        BigInteger? uptime = null,
        BigInteger? tasks = null,
        BigInteger? quality = null,
        long failedTasks = 0,
        BigInteger? expected = null,
        int daysInPool = 60,
        int gpus = 1,
        int reputation = 500,
        bool suspended = false,
        long minPayoutNano = 1,
        long carriedInNano = 0,
        PayoutSchedule schedule = PayoutSchedule.EveryEpoch,
        long? referrer = null) => new(
            new ParticipantTally(Address(address), tokens ?? 0, uptime ?? 0, tasks ?? 0, quality ?? 0, failedTasks),
            expected ?? uptime ?? 0,
            Monday.AddDays(7 - daysInPool),
            gpus,
            reputation,
            suspended,
            Address(address + 1_000_000),
            new Nanotons(minPayoutNano),
            new Nanotons(carriedInNano),
            schedule,
            referrer is { } number ? Address(number) : null);

    public static EpochClose Close(Nanotons revenue, params ImmutableArray<EpochEntrant> entrants) => new(
        new EpochNumber(7),
        Monday,
        Monday.AddDays(7),
        revenue == Nanotons.Zero ? [] : [new RevenueLine("transfer-1", "cocoon_payout", revenue)],
        entrants,
        PoolParameters.Default,
        "pool-1");

    /// <summary>An epoch in which every kind of participant occurs: paid, referred, under the minimum, claiming, suspended, and seldom online.</summary>
    public static EpochClose Rich() => Close(
        Nanotons.FromTon(1000),
        Entrant(50, 1000, 2000, 30, 900_000_000, daysInPool: 100, gpus: 8, carriedInNano: 77),
        Entrant(10, 500, 7000, 11, 500_000_000, daysInPool: 10, referrer: 50),
        Entrant(30, 3, 1, 1, 3_000_000, minPayoutNano: Nanotons.PerTon * 500, carriedInNano: 5),
        Entrant(20, 700, 9000, 20, 600_000_000, failedTasks: 4, schedule: PayoutSchedule.Claim),
        Entrant(40, 900, 9000, 9, 900_000_000, suspended: true, carriedInNano: 3_000_000_000, schedule: PayoutSchedule.Threshold),
        Entrant(60, 800, 100, 8, 800_000_000, expected: 201))
        with
    {
        Revenue = [new("b", "gateway", Nanotons.FromTon(400)), new("a", "cocoon_payout", Nanotons.FromTon(600)), new("c \"é\"\n", "deposit", new(1))],
    };
}
