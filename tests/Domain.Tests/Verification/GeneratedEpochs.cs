using System.Numerics;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Verification;

/// <summary>Epochs of every shape: nobody to millions, ties, zero dimensions, all schedules, amounts from nothing to most of all TON.</summary>
internal static class GeneratedEpochs
{
    public static Arbitrary<EpochClose> Arbitrary { get; } = Close().ToArbitrary();

    private static Gen<EpochClose> Close() =>
        from number in Gen.Choose(1, int.MaxValue)
        from start in Gen.Choose(0, int.MaxValue).Select(value => value + 8_640_000_000_000L)
        from length in Gen.Choose(1, int.MaxValue)
        from parameters in Parameters()
        from revenueCount in Gen.Choose(0, 4)
        from revenue in Line().ArrayOf(revenueCount)
        from entrantCount in Gen.Frequency((9, Gen.Choose(0, 8)), (1, Gen.Choose(10, 30)))
        from entrants in Entrant().ArrayOf(entrantCount)
        from referrers in Gen.Choose(0, 40).ArrayOf(entrantCount)
        from first in Gen.Choose(0, 10_006)
        select new EpochClose(
            new EpochNumber(number),
            DateTimeOffset.FromUnixTimeMilliseconds(start),
            DateTimeOffset.FromUnixTimeMilliseconds(start + length),
            [.. revenue.Select((line, i) => line with { TransferId = $"{line.TransferId}{(i * 3) % 5}" })],
            [.. entrants.Select((entrant, i) => entrant with
            {
                Tally = entrant.Tally with { Participant = Address(first + (i * 3571)) },
                JoinedAt = entrant.JoinedAt.AddMilliseconds(start - 8_640_000_000_000L),
                Referrer = referrers[i] != i && referrers[..i].Count(one => one == referrers[i]) < 10 && referrers[i] < 31 ? Address(first + (referrers[i] * 3571)) : null,
            })],
            parameters,
            "pool");

    private static Gen<PoolParameters> Parameters() =>
        from fee in Gen.Choose(0, 1000)
        from minUptime in Gen.Elements(0, 5000, 10_000)
        from weights in Gen.Elements(
            new ScoreWeights(5000, 2000, 2000, 1000), new ScoreWeights(10_000, 0, 0, 0), new ScoreWeights(0, 0, 1, 9999), new ScoreWeights(2500, 2500, 2500, 2500))
        from prompt in Gen.Choose(0, 1_000_000)
        select PoolParameters.Default with { FeeBps = fee, MinUptimeBps = minUptime, Weights = weights, Multipliers = new TokenMultipliers(prompt) };

    private static Gen<RevenueLine> Line() =>
        from id in Gen.Elements("t", "T", "é", "\"quoted\" ", "日本 😂 ", "line\nbreak\u0001 ", "-")
        from kind in Gen.Elements("cocoon_payout", "gateway", "deposit", "carried_over")
        from amount in Amount(1)
        select new RevenueLine(id, kind, amount);

    private static Gen<EpochEntrant> Entrant() =>
        from tokens in Number()
        from uptime in Number()
        from tasks in Number()
        from quality in Number()
        from failed in Gen.Choose(0, 5)
        from expected in Gen.Elements(0, 1, 2, 3)
        from days in Gen.Elements(-3, 0, 5, 29, 30, 60, 89, 90, 91, 200)
        from gpus in Gen.Choose(0, 9)
        from reputation in Gen.Choose(0, 1000)
        from suspended in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from payout in Gen.Choose(0, 1_000_000)
        from minimum in Amount(0)
        from carried in Amount(0)
        from schedule in Gen.Elements(PayoutSchedule.EveryEpoch, PayoutSchedule.EveryEpoch, PayoutSchedule.Threshold, PayoutSchedule.Claim)
        select new EpochEntrant(
            new ParticipantTally(default, tokens, uptime, tasks, BigInteger.Min(quality, tokens * 1_000_000), failed),
            expected switch { 0 => 0, 1 => uptime, 2 => (uptime * 10 / 9) + 1, _ => uptime * 3 },
            DateTimeOffset.FromUnixTimeMilliseconds(8_640_000_000_000L).AddDays(-days), gpus, reputation, suspended, Address(payout), minimum, carried, schedule);

    private static Gen<BigInteger> Number() => Gen.Frequency(
        (2, Gen.Constant(BigInteger.Zero)),
        (4, Gen.Choose(1, 9).Select(value => (BigInteger)value)),
        (4, Gen.Choose(0, int.MaxValue).Select(value => (BigInteger)value)),
        (1, Gen.Choose(1, int.MaxValue).Select(value => (BigInteger)value * BigInteger.Pow(10, 30))));

    private static Gen<Nanotons> Amount(int lowest) => Gen.Frequency(
        (3, Gen.Choose(lowest, 20).Select(value => new Nanotons(value))),
        (3, Gen.Choose(lowest, int.MaxValue).Select(value => new Nanotons(value))),
        (2, Gen.Choose(1, 500_000_000).Select(value => new Nanotons(value * 1_000_000_007L))));

    /// <summary>Spread over both workchains and over the whole width of the hash, in no order.</summary>
    private static TonAddress Address(int number)
    {
        var place = number % 10_007;
        var hash = new byte[32];
        hash[0] = (byte)(place * 37);
        hash[15] = (byte)(place >> 8);
        hash[16] = (byte)place;
        return new TonAddress((sbyte)(place % 5 == 0 ? -1 : 0), hash);
    }
}
