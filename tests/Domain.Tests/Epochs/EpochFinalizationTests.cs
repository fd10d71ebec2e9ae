using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Tests.Epochs;

public class EpochFinalizationTests
{
    private static readonly EpochClose Plain = Samples.Close(Nanotons.FromTon(100), Samples.Entrant(2, 1, 1, 1, 1), Samples.Entrant(1, 1, 1, 1, 1));

    public static TheoryData<string, EpochClose> OneFaultEach => new()
    {
        { "numbered from 1", Plain with { Number = new(0) } },
        { "no id", Plain with { PoolId = "" } },
        { "before it starts", Plain with { End = Plain.Start } },
        { "before 1970", Plain with { Start = DateTimeOffset.UnixEpoch.AddDays(-1) } },
        { "whole milliseconds", Plain with { Start = Plain.Start.AddTicks(1) } },
        { "fee", Plain with { Parameters = PoolParameters.Default with { FeeBps = 1001 } } },
        { "minimum uptime", Plain with { Parameters = PoolParameters.Default with { MinUptimeBps = 10_001 } } },
        { "score weights", Plain with { Parameters = PoolParameters.Default with { Weights = new(1, 1, 1, 1) } } },
        { "no transfer id", Plain with { Revenue = [new("", "deposit", new(1))] } },
        { "no kind", Plain with { Revenue = [new("a", "", new(1))] } },
        { "transfer a comes twice", Plain with { Revenue = [new("a", "deposit", new(1)), new("a", "deposit", new(2))] } },
        { "not above zero", Plain with { Revenue = [new("a", "deposit", new(0))] } },
        { "comes twice", Plain with { Entrants = [Samples.Entrant(1), Samples.Entrant(1)] } },
        { "tally", Plain with { Entrants = [Samples.Entrant(1, tasks: -1)] } },
        { "better than perfect", Plain with { Entrants = [Samples.Entrant(1, tokens: 1, quality: 1_000_001)] } },
        { "expected uptime", Plain with { Entrants = [Samples.Entrant(1, expected: -1)] } },
        { "joining of", Plain with { Entrants = [Samples.Entrant(1) with { JoinedAt = Samples.Monday.AddTicks(1) }] } },
        { "joining of", Plain with { Entrants = [Samples.Entrant(1) with { JoinedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(-1) }] } },
        { "number of GPUs", Plain with { Entrants = [Samples.Entrant(1, gpus: -1)] } },
        { "reputation of", Plain with { Entrants = [Samples.Entrant(1, reputation: -1)] } },
        { "reputation of", Plain with { Entrants = [Samples.Entrant(1, reputation: 1001)] } },
        { "referred themselves", Plain with { Entrants = [Samples.Entrant(1, referrer: 1)] } },
        { "referred more than 10", Plain with { Entrants = [.. Enumerable.Range(1, 11).Select(i => Samples.Entrant(i, referrer: 99))] } },
        { "concentration limit", Plain with { Parameters = PoolParameters.Default with { MaxConcentrationBps = 10_001 } } },
        { "carries in", Plain with { Entrants = [Samples.Entrant(1, carriedInNano: -1)] } },
        { "minimum payout", Plain with { Entrants = [Samples.Entrant(1, minPayoutNano: -1)] } },
        { "schedule", Plain with { Entrants = [Samples.Entrant(1, schedule: (PayoutSchedule)9)] } },
    };

    [Fact]
    public void GoldenEpoch_OfAHundredGpus_PaysWhatTheRuleBookSays()
    {
        // 100 GPUs at 60 % for 720 hours, 5,000 tokens an hour at 0.0006 TON.
        const long tokens = 100L * 60 / 100 * 720 * 5000;
        var revenue = new Nanotons(tokens * 600_000);
        revenue.ShouldBe(Nanotons.FromTon(129_600));

        var entrants = Enumerable.Range(0, 100).Select(i => Samples.Entrant(i, tokens / 100, 1_555_200_000, 4320, tokens * 10_000));
        var result = EpochFinalization.Finalize(Samples.Close(revenue, [.. entrants]));

        result.Fee.ShouldBe(Nanotons.FromTon(6480));
        Nanotons.Sum(result.Participants.Select(p => p.Share)).ShouldBe(Nanotons.FromTon(123_120));
        result.Participants.ShouldAllBe(p => p.Share == new Nanotons(1_231_200_000_000));
        result.Payables.Length.ShouldBe(100);
        result.CarriedOver.ShouldBe(Nanotons.Zero);
    }

    [Fact]
    public void Fee_IsRoundedDown_SoThatTheOddNanotonGoesToParticipants()
    {
        var result = EpochFinalization.Finalize(Samples.Close(new(39), Samples.Entrant(1, 1, 1, 1, 1)));
        result.Fee.ShouldBe(new Nanotons(1));
        result.Participants[0].Share.ShouldBe(new Nanotons(38));
    }

    [Fact]
    public void Participants_AndPayables_ComeByAscendingAddress()
    {
        var result = EpochFinalization.Finalize(Plain);
        result.Participants.Select(p => p.Entrant.Tally.Participant).ShouldBe([Samples.Address(1), Samples.Address(2)]);
        result.Payables.Select(p => (p.Index, p.Participant)).ShouldBe([(0, Samples.Address(1)), (1, Samples.Address(2))]);
    }

    [Fact]
    public void Revenue_WhenNobodyIsEligible_IsCarriedOverWholeAndWithoutAFee()
    {
        var result = EpochFinalization.Finalize(Samples.Close(Nanotons.FromTon(5), Samples.Entrant(1, 1, 1, 1, 1, suspended: true)));
        result.CarriedOver.ShouldBe(Nanotons.FromTon(5));
        result.Fee.ShouldBe(Nanotons.Zero);
        result.Participants.ShouldHaveSingleItem().Share.ShouldBe(Nanotons.Zero);
        result.Participants[0].Standing.IneligibleBecause.ShouldBe("suspended");
    }

    [Fact]
    public void Revenue_WhenTheEligibleDidNothing_IsCarriedOver() =>
        EpochFinalization.Finalize(Samples.Close(Nanotons.FromTon(5), Samples.Entrant(1))).CarriedOver.ShouldBe(Nanotons.FromTon(5));

    [Fact]
    public void Epoch_WithNobodyAndNothing_HasAnEmptyTree()
    {
        var result = EpochFinalization.Finalize(Samples.Close(Nanotons.Zero));
        result.Revenue.ShouldBe(Nanotons.Zero);
        result.Payables.ShouldBeEmpty();
        result.MerkleRoot.ShouldBe(new byte[32]);
    }

    [Theory]
    [InlineData(94, PayoutSchedule.EveryEpoch, 95)]
    [InlineData(95, PayoutSchedule.EveryEpoch, 95)]
    [InlineData(96, PayoutSchedule.EveryEpoch, 0)]
    [InlineData(95, PayoutSchedule.Threshold, 95)]
    [InlineData(96, PayoutSchedule.Threshold, 0)]
    [InlineData(95, PayoutSchedule.Claim, 95)]
    [InlineData(96, PayoutSchedule.Claim, 0)]
    public void Balance_IsPayableOnceItReachesTheMinimumSentOrClaimed(long minimum, PayoutSchedule schedule, long payable) =>
        EpochFinalization.Finalize(Samples.Close(new(90), Samples.Entrant(1, 1, 1, 1, 1, minPayoutNano: minimum, carriedInNano: 9, schedule: schedule)))
            .Participants[0].Payable.ShouldBe(new Nanotons(payable));

    [Fact]
    public void Entries_ToBeClaimed_StandBehindAllThatAreSent()
    {
        var result = EpochFinalization.Finalize(Samples.Close(
            new(1000), Samples.Entrant(1, 1, 1, 1, 1, schedule: PayoutSchedule.Claim), Samples.Entrant(2, 1, 1, 1, 1), Samples.Entrant(3, 1, 1, 1, 1, schedule: PayoutSchedule.Claim),
            Samples.Entrant(4, 1, 1, 1, 1)));
        result.Payables.Select(p => (p.Index, p.Participant, p.ToClaim))
            .ShouldBe([(0, Samples.Address(2), false), (1, Samples.Address(4), false), (2, Samples.Address(1), true), (3, Samples.Address(3), true)]);
    }

    [Fact]
    public void Balance_CarriedIn_IsPaidToASuspendedParticipantToo()
    {
        // A suspension stops new earnings; what was earned before stays the participant's.
        var result = EpochFinalization.Finalize(Samples.Close(new(100), Samples.Entrant(1, 1, 1, 1, 1), Samples.Entrant(2, suspended: true, carriedInNano: 50)));
        result.Participants[1].Share.ShouldBe(Nanotons.Zero);
        result.Participants[1].Payable.ShouldBe(new Nanotons(50));
    }

    [Fact]
    public void Nothing_IsNeverPayable() =>
        EpochFinalization.Finalize(Samples.Close(new(100), Samples.Entrant(1, 1, 1, 1, 1), Samples.Entrant(2, minPayoutNano: 0)))
            .Payables.ShouldHaveSingleItem();

    [Fact]
    public void Money_ThatExceeds64Bits_StopsTheEpoch() =>
        Should.Throw<OverflowException>(() => EpochFinalization.Finalize(Plain with { Revenue = [new("a", "deposit", new(long.MaxValue)), new("b", "deposit", new(1))] }));

    [Fact]
    public void EveryPayable_IsProvenByTheRoot()
    {
        var result = EpochFinalization.Finalize(Samples.Rich());
        var leaves = result.Payables.Select(p => MerkleTree.LeafHash(PayoutLeaf.Bytes(new(7), p))).ToArray();
        result.Payables.Length.ShouldBe(4);
        foreach (var payable in result.Payables)
            MerkleTree.Verify(leaves[payable.Index], MerkleTree.Proof(leaves, payable.Index), result.MerkleRoot).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(OneFaultEach))]
    public void Epoch_WithOneFault_IsNotFinalized(string expected, EpochClose close) =>
        Should.Throw<ArgumentException>(() => EpochFinalization.Finalize(close)).Message.ShouldContain(expected);
}
