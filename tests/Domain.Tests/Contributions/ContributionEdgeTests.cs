using CocoonPool.Domain.Contributions;

namespace CocoonPool.Domain.Tests.Contributions;

/// <summary>The edges themselves: what is still accepted, beside the tests of what is not any more.</summary>
public class ContributionEdgeTests
{
    private static readonly DateTimeOffset Start = Samples.Monday;

    private static readonly Receipt Good = new(
        new("t"), new("gpu-1"), Samples.Address(1), "model", new(100, 40, 50, 20), 464, 1000, 10, TaskOutcome.Success, Start, Start.AddSeconds(1));

    public static TheoryData<Receipt> AtTheEdge =>
    [
        Good with { TaskId = new(new string('t', 64)) },
        Good with { Model = new string('m', 200) },
        Good with { Tokens = new(1_000_000_000, 0, 1_000_000_000, 0) },
        Good with { AdjustedTokens = 0 },
        Good with { AdjustedTokens = 1_000_000_000_000_000 },
        Good with { LatencyMs = 0, TimeToFirstTokenMs = 0 },
        Good with { LatencyMs = 31L * 24 * 3600 * 1000 },
        Good with { TimeToFirstTokenMs = 1000 },
        Good with { StartedAt = DateTimeOffset.UnixEpoch, EndedAt = DateTimeOffset.UnixEpoch },
    ];

    [Theory]
    [MemberData(nameof(AtTheEdge))]
    public void Receipt_AtABound_IsAccepted_AndReadsBack(Receipt receipt)
    {
        receipt.Refusal().ShouldBeNull();
        Receipt.TryParse(receipt.CanonicalBytes(), out var read, out _).ShouldBeTrue();
        read.ShouldBe(receipt);
    }

    [Theory]
    [InlineData("a.b_c-D9", true)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    public void TaskId_HasLettersDigitsAndThreeSigns(string text, bool isId)
    {
        TaskId.TryParse(text, out var id).ShouldBe(isId);
        id.Value.ShouldBe(text);
        TaskId.TryParse(new string('x', 65), out _).ShouldBeFalse();
    }

    [Fact]
    public void Check_AtItsEdges_Accepts()
    {
        var assigned = new Assignment("model", Start, 1000, 500);
        var seen = new Observation(TaskOutcome.Success, 50);
        foreach (var receipt in (Receipt[])[Good with { LatencyMs = 0 }, Good with { TimeToFirstTokenMs = 0 }, Good with { EndedAt = Start }, Good with { StartedAt = Start - ReceiptMoment.ClockTolerance }])
            ReceiptCheck.Check(receipt, assigned, seen, new(), 1000, 10_000, Start.AddMinutes(1)).Refusal.ShouldBeNull();
        ReceiptCheck.Check(Good with { EndedAt = Start.AddMinutes(1) + ReceiptMoment.ClockTolerance }, assigned, seen, new(), 1000, 10_000, Start.AddMinutes(1)).Refusal.ShouldBeNull();
        ReceiptVerdict.Refused("code", "words").Flagged.ShouldBeFalse();
    }

    [Theory]
    [InlineData(TaskOutcome.Success, null, TaskOutcome.Success)]
    [InlineData(TaskOutcome.Success, TaskOutcome.WorkerFault, TaskOutcome.WorkerFault)]
    [InlineData(TaskOutcome.WorkerFault, TaskOutcome.Success, TaskOutcome.WorkerFault)]
    [InlineData(TaskOutcome.WorkerFault, null, TaskOutcome.WorkerFault)]
    [InlineData(TaskOutcome.WorkerFault, TaskOutcome.ClientAborted, TaskOutcome.ClientAborted)]
    public void Outcome_IsASuccessOnlyWhenNobodySawAnother(TaskOutcome claimed, TaskOutcome? seen, TaskOutcome counted) =>
        ReceiptCheck.Check(Good with { Outcome = claimed }, new("model", Start, 1000, 500), seen is { } outcome ? new Observation(outcome, 50) : null, new(), 1000, 10_000, Start.AddMinutes(1))
            .Outcome.ShouldBe(counted);

    [Theory]
    [InlineData(1000, 1_000_000)]
    [InlineData(1001, 999_750)]
    [InlineData(2999, 500_250)]
    [InlineData(3000, 500_000)]
    [InlineData(3001, 500_000)]
    public void Quality_AtItsCorners(long latency, int ppm) => Quality.Ppm(TaskOutcome.Success, latency, 1000).ShouldBe(ppm);

    [Fact]
    public void Tree_RefusesWhatIsNoProof()
    {
        var leaves = Enumerable.Range(0, 3).Select(i => MerkleTree.LeafHash([(byte)i])).ToArray();
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleTree.Proof(leaves, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleTree.Proof(leaves, 3));
        MerkleTree.Verify([1], [], [1]).ShouldBeFalse();
        MerkleTree.Verify([1], [], MerkleTree.Root(leaves)).ShouldBeFalse();
        MerkleTree.Verify(leaves[0], [], [1]).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleTree.Proof([leaves[0]], -1));
    }

    [Fact]
    public void Tree_TakesNoShortenedLeaf_AlthoughItsMissingEndIsZero()
    {
        var leaf = Enumerable.Range(0, int.MaxValue).Select(i => MerkleTree.LeafHash(BitConverter.GetBytes(i))).First(hash => hash[^1] == 0);
        byte[][] leaves = [leaf, MerkleTree.LeafHash([1])];
        MerkleTree.Verify(leaf, MerkleTree.Proof(leaves, 0), MerkleTree.Root(leaves)).ShouldBeTrue();
        MerkleTree.Verify(leaf[..31], MerkleTree.Proof(leaves, 0), MerkleTree.Root(leaves)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Proof_HasAtMostSixtyFourSteps(int steps, bool isTaken)
    {
        var sibling = MerkleTree.LeafHash([7]);
        var leaf = MerkleTree.LeafHash([1]);
        var root = leaf;
        for (var i = 0; i < steps; i++)
            root = MerkleTree.Root([root, sibling]);
        MerkleTree.Verify(leaf, [.. Enumerable.Repeat(new MerkleStep(sibling, SiblingIsLeft: false), steps)], root).ShouldBe(isTaken);
    }

    [Fact]
    public void Sums_ThatLeave64Bits_Throw()
    {
        Should.Throw<OverflowException>(() => AdjustedTokens.Of(new(long.MaxValue, 0, 0, 0), new(1_000_000), 1_000_000));
        Should.Throw<OverflowException>(() => AdjustedTokens.Of(new(long.MaxValue, 0, long.MaxValue, 0), new(10_000, 0, 10_000, 0), 1000));
        Should.Throw<OverflowException>(() => Uptime.Credit(new(DateTimeOffset.MinValue), DateTimeOffset.MaxValue, TimeSpan.MaxValue, int.MaxValue));
    }
}
