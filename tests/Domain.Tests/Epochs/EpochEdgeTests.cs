using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Epochs;

public class EpochEdgeTests
{
    private static readonly EpochClose Plain = Samples.Close(Nanotons.FromTon(1), Samples.Entrant(1, 1, 1, 1, 1));

    public static TheoryData<EpochClose> AtTheEdge =>
    [
        Plain with { Number = EpochNumber.First },
        Plain with { Start = DateTimeOffset.UnixEpoch },
        Plain with { Parameters = PoolParameters.Default with { FeeBps = 0 } },
        Plain with { Parameters = PoolParameters.Default with { FeeBps = 1000 } },
        Plain with { Parameters = PoolParameters.Default with { MinUptimeBps = 0, MaxConcentrationBps = 0 } },
        Plain with { Parameters = PoolParameters.Default with { MinUptimeBps = 10_000, MaxConcentrationBps = 10_000 } },
        Plain with { Entrants = [Samples.Entrant(1) with { JoinedAt = DateTimeOffset.UnixEpoch }] },
        Plain with { Entrants = [Samples.Entrant(1, gpus: 0, reputation: 0, minPayoutNano: 0)] },
        Plain with { Entrants = [Samples.Entrant(1, tokens: 1, quality: 1_000_000, reputation: 1000)] },
        Plain with { Entrants = [.. Enumerable.Range(1, 10).Select(i => Samples.Entrant(i, referrer: 99))] },
    ];

    [Theory]
    [MemberData(nameof(AtTheEdge))]
    public void Epoch_AtABound_IsFinalized(EpochClose close) => EpochFinalization.Finalize(close).Participants.Length.ShouldBe(close.Entrants.Length);

    [Fact]
    public void Tally_WithAnyNegativeNumber_IsRefused()
    {
        foreach (var entrant in (EpochEntrant[])[Samples.Entrant(1, tokens: -1, quality: -2_000_000), Samples.Entrant(1, uptime: -1), Samples.Entrant(1, tasks: -1), Samples.Entrant(1, quality: -1), Samples.Entrant(1, failedTasks: -1)])
            Should.Throw<ArgumentException>(() => EpochFinalization.Finalize(Plain with { Entrants = [entrant] })).Message.ShouldContain("A tally of");
    }

    [Fact]
    public void Csv_SaysWhoTakesPart()
    {
        var close = Samples.Close(Nanotons.FromTon(1), Samples.Entrant(1, 1, 1, 1, 1), Samples.Entrant(2, suspended: true));
        var lines = EpochBundle.ToCsv(close, EpochFinalization.Finalize(close)).Split("\r\n");
        lines[1].ShouldContain(",yes,,");
        lines[2].ShouldContain(",no,suspended,");
    }

    [Fact]
    public void Numbers_AreOrdered()
    {
        var (one, two) = (new EpochNumber(1), new EpochNumber(2));
        new[] { (one < two), (two < one), (one > two), (two > one), (one <= two), (two <= one), (one >= two), (two >= one) }.ShouldBe([true, false, false, true, true, false, false, true]);
        var same = new EpochNumber(1);
        new[] { (one < same), (one > same), (one <= same), (one >= same) }.ShouldBe([false, false, true, true]);
    }

    [Fact]
    public void Addresses_AreOrdered_AndHave32Bytes()
    {
        var (one, two, same) = (Samples.Address(1), Samples.Address(2), Samples.Address(1));
        new[] { (one < two), (two < one), (one > two), (two > one), (one <= two), (two <= one), (one >= two), (two >= one) }.ShouldBe([true, false, false, true, true, false, false, true]);
        new[] { (one < same), (one > same), (one <= same), (one >= same) }.ShouldBe([false, false, true, true]);
        Should.Throw<ArgumentException>(() => new TonAddress(0, new byte[31]));
        Should.Throw<ArgumentException>(() => new TonAddress(1, new byte[32]));
    }

    [Fact]
    public void Weights_EachOutsideTheirBounds_AreNamed() =>
        (PoolParameters.Default with { Weights = new(-1, -2, -3, 10_006) }).Validate().Select(mistake => mistake[..mistake.IndexOf(' ', StringComparison.Ordinal)])
            .ShouldBe(["score_weights.tokens", "score_weights.uptime", "score_weights.tasks", "score_weights.quality"]);
}
