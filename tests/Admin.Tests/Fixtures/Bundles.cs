using System.Buffers.Binary;
using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Admin.Tests.Fixtures;

/// <summary>Bundles as the pool itself makes them.</summary>
internal static class Bundles
{
    private static readonly DateTimeOffset Monday = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static EpochClose Close { get; } = new(
        new EpochNumber(7), Monday, Monday.AddDays(7), [new RevenueLine("a", "cocoon_payout", Nanotons.FromTon(1000))],
        [Entrant(1, 1000, suspended: false), Entrant(2, 3000, suspended: false), Entrant(3, 500, suspended: true)], PoolParameters.Default, "pool-1");

    public static EpochResult Result { get; } = EpochFinalization.Finalize(Close);

    public static byte[] Good { get; } = EpochBundle.ToCanonicalJson(Close, Result);

    public static string Hash { get; } = Convert.ToHexStringLower(EpochBundle.Hash(Good));

    private static EpochEntrant Entrant(long number, long work, bool suspended) => new(
        new ParticipantTally(Address(number), work, work, work, work, 0), work, Monday.AddDays(-60), 1, 500, suspended, Address(number + 100), new Nanotons(1), Nanotons.Zero, PayoutSchedule.EveryEpoch);

    private static TonAddress Address(long number)
    {
        var hash = new byte[32];
        BinaryPrimitives.WriteInt64BigEndian(hash.AsSpan(24), number);
        return new TonAddress(0, hash);
    }
}
