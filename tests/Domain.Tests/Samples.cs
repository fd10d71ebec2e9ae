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

    public static EpochEntrant Entrant(
        long address,
        BigInteger? tokens = null,
        BigInteger? uptime = null,
        BigInteger? tasks = null,
        BigInteger? quality = null,
        int uptimeBps = 10_000,
        int multiplierPpm = 1_000_000,
        bool suspended = false,
        long minPayoutNano = 1,
        long carriedInNano = 0,
        PayoutSchedule schedule = PayoutSchedule.EveryEpoch) => new(
            new ParticipantTally(Address(address), tokens ?? 0, uptime ?? 0, tasks ?? 0, quality ?? 0, 0),
            uptimeBps,
            multiplierPpm,
            suspended,
            Address(address + 1_000_000),
            new Nanotons(minPayoutNano),
            new Nanotons(carriedInNano),
            schedule);

    public static EpochClose Close(Nanotons revenue, params ImmutableArray<EpochEntrant> entrants) => new(
        new EpochNumber(7),
        Monday,
        Monday.AddDays(7),
        revenue == Nanotons.Zero ? [] : [new RevenueLine("transfer-1", "cocoon_payout", revenue)],
        entrants,
        PoolParameters.Default,
        "pool-1");

    /// <summary>An epoch in which every kind of participant occurs: paid, under the minimum, claiming, suspended, and seldom online.</summary>
    public static EpochClose Rich() => Close(
        Nanotons.FromTon(1000),
        Entrant(50, 1000, 2000, 30, 900_000_000, multiplierPpm: 1_200_000, carriedInNano: 77),
        Entrant(10, 500, 7000, 11, 500_000_000, multiplierPpm: 800_000),
        Entrant(30, 3, 1, 1, 3_000_000, minPayoutNano: Nanotons.PerTon * 500, carriedInNano: 5),
        Entrant(20, 700, 9000, 20, 600_000_000, schedule: PayoutSchedule.Claim),
        Entrant(40, 900, 9000, 9, 900_000_000, suspended: true, carriedInNano: 3_000_000_000, schedule: PayoutSchedule.Threshold),
        Entrant(60, 800, 100, 8, 800_000_000, uptimeBps: 4999))
        with
    {
        Revenue = [new("b", "gateway", Nanotons.FromTon(400)), new("a", "cocoon_payout", Nanotons.FromTon(600)), new("c \"é\"\n", "deposit", new(1))],
    };
}
