using CocoonPool.Domain.Contributions;

namespace CocoonPool.Domain.Tests.Contributions;

public class ReceiptCheckTests
{
    private static readonly DateTimeOffset Start = Samples.Monday;
    private static readonly TokenMultipliers Multipliers = new();
    private static readonly Assignment Assigned = new("model", Start, PromptTokensLimit: 1000, CompletionTokensLimit: 500);
    private static readonly Observation Seen = new(TaskOutcome.Success, CompletionTokens: 50);

    private static readonly Receipt Good = new(
        new("task"), new("gpu-1"), Samples.Address(1), "model", new(100, 40, 50, 20), 464, 1000, 10, TaskOutcome.Success, Start, Start.AddSeconds(1));

    public static TheoryData<string, Receipt> OneFaultEach => new()
    {
        { "model_mismatch", Good with { Model = "other" } },
        { "counts_invalid", Good with { Tokens = new(1, 2, 0, 0) } },
        { "counts_invalid", Good with { LatencyMs = -1 } },
        { "counts_invalid", Good with { TimeToFirstTokenMs = -1 } },
        { "times_invalid", Good with { EndedAt = Start.AddSeconds(-1) } },
        { "times_invalid", Good with { StartedAt = Start.AddSeconds(-3) } },
        { "times_ahead", Good with { EndedAt = Start.AddSeconds(63) } },
        { "times_invalid", Good with { EndedAt = Start.AddDays(2) } },
        { "adjusted_tokens_wrong", Good with { AdjustedTokens = 465 } },
    };

    [Theory]
    [InlineData(10, 144, false)]
    [InlineData(10, 145, true)]
    [InlineData(0, 64, false)]
    [InlineData(0, 65, true)]
    public void Claim_IsOverstated_OnlyBeyondEveryDifferenceOfCounting(long seen, long claimed, bool isOverstated)
    {
        var receipt = Good with { Tokens = new(1, 0, claimed, 0), Outcome = TaskOutcome.Success };
        ReceiptCheck.IsOverstated(receipt, new(TaskOutcome.Success, seen)).ShouldBe(isOverstated);
        ReceiptCheck.IsOverstated(receipt, null).ShouldBeFalse("nobody but the worker saw it");
        ReceiptCheck.IsOverstated(receipt, new(TaskOutcome.WorkerFault, seen)).ShouldBeFalse("the gateway did not see it to its end");
        ReceiptCheck.IsOverstated(receipt with { Outcome = TaskOutcome.WorkerFault }, new(TaskOutcome.Success, seen)).ShouldBeFalse("it claims nothing");
    }

    [Fact]
    public void Receipt_ThatAgreesWithTheGateway_CountsInFull() =>
        Check(Good, Seen).ShouldBe(new ReceiptVerdict(null, "accepted", TaskOutcome.Success, Good.Tokens, 464, 1_000_000, Flagged: false, new(ReceiptTiming.AsClaimed, Good.StartedAt, Good.EndedAt)));

    [Theory]
    [MemberData(nameof(OneFaultEach))]
    public void Receipt_WithOneFault_IsRefusedByItsNameAndCountsNothing(string expected, Receipt receipt)
    {
        var verdict = Check(receipt, Seen);
        verdict.Refusal.ShouldBe(expected);
        verdict.Credited.ShouldBe(default);
        verdict.AdjustedTokens.ShouldBe(0);
        verdict.IsFinal.ShouldBe(expected != "times_ahead", "only what time may heal is offered again");
    }

    [Fact]
    public void Claim_OverWhatTheGatewayCounted_IsCutAndFlagged()
    {
        var verdict = Check(Good, Seen with { CompletionTokens = 30 });
        verdict.Credited.ShouldBe(new TokenCounts(100, 40, 30, 20));
        verdict.AdjustedTokens.ShouldBe(60 + 4 + 80 + 160);
        verdict.Flagged.ShouldBeTrue();
    }

    [Fact]
    public void Claim_UnderWhatTheGatewayCounted_IsUsedAsTheLowerOne() => Check(Good, Seen with { CompletionTokens = 80 }).Credited.ShouldBe(Good.Tokens);

    [Fact]
    public void Claim_OverWhatWasAllowed_IsCut()
    {
        var tokens = new TokenCounts(5000, 4000, 700, 600);
        var verdict = Check(Good with { Tokens = tokens, AdjustedTokens = AdjustedTokens.Of(tokens, Multipliers, 1000) }, null);
        verdict.Credited.ShouldBe(new TokenCounts(1000, 1000, 500, 500));
        verdict.Credited.IsValid.ShouldBeTrue();
    }

    [Fact]
    public void Receipt_ThatNobodyElseSaw_CountsButIsFlagged()
    {
        var verdict = Check(Good, null);
        verdict.Refusal.ShouldBeNull();
        verdict.Credited.ShouldBe(Good.Tokens);
        verdict.Flagged.ShouldBeTrue();
    }

    [Theory]
    [InlineData(TaskOutcome.Success, TaskOutcome.WorkerFault, TaskOutcome.WorkerFault)]
    [InlineData(TaskOutcome.Success, TaskOutcome.ClientAborted, TaskOutcome.ClientAborted)]
    [InlineData(TaskOutcome.WorkerFault, TaskOutcome.Success, TaskOutcome.WorkerFault)]
    [InlineData(TaskOutcome.ClientAborted, TaskOutcome.WorkerFault, TaskOutcome.WorkerFault)]
    public void Outcome_IsASuccessOnlyWhenBothSidesSawOne(TaskOutcome claimed, TaskOutcome seen, TaskOutcome expected)
    {
        var verdict = Check(Good with { Outcome = claimed }, new(seen, 50));
        verdict.Outcome.ShouldBe(expected);
        verdict.Credited.ShouldBe(default);
        verdict.QualityPpm.ShouldBe(expected == TaskOutcome.WorkerFault ? 0 : null);
    }

    [Fact]
    public void Receipt_WhoseTimesAreNotThePools_CountsAtTheMomentThatTheGatewaySaw_AndIsFlagged()
    {
        var seen = Start.AddSeconds(3);
        var verdict = Check(Good with { StartedAt = Start.AddDays(-8), EndedAt = Start.AddDays(-8) }, Seen with { EndedAt = seen });
        verdict.Refusal.ShouldBeNull();
        verdict.Credited.ShouldBe(Good.Tokens);
        verdict.Moment.ShouldBe(new ReceiptMoment(ReceiptTiming.AsSeen, Start, seen));
        verdict.Flagged.ShouldBeTrue();
    }

    [Fact]
    public void Clock_ThatIsOffByTheTolerance_IsAccepted()
    {
        Check(Good with { StartedAt = Start.AddSeconds(-2) }, Seen).Refusal.ShouldBeNull();
        Check(Good with { EndedAt = Start.AddSeconds(62) }, Seen).Refusal.ShouldBeNull();
    }

    private static ReceiptVerdict Check(Receipt receipt, Observation? observation) =>
        ReceiptCheck.Check(receipt, Assigned, observation, Multipliers, 1000, 2000, now: Start.AddSeconds(60));
}
