using CocoonPool.Domain.Contributions;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Contributions;

/// <summary>Clocks that differ: the worker's, that of the server that assigned, and that of the server that judges.</summary>
public class ReceiptMomentTests
{
    private static readonly DateTimeOffset Assigned = Samples.Monday;
    private static readonly DateTimeOffset Now = Assigned.AddMinutes(1);
    private static readonly DateTimeOffset Seen = Assigned.AddSeconds(40);

    // Milliseconds from the assignment.
    [Theory]
    [InlineData(0, 1_000, ReceiptTiming.AsClaimed, ReceiptTiming.AsClaimed)]
    [InlineData(-2_000, 62_000, ReceiptTiming.AsClaimed, ReceiptTiming.AsClaimed)]
    [InlineData(-2_001, 1_000, ReceiptTiming.Impossible, ReceiptTiming.AsSeen)]
    [InlineData(-2_001, 62_001, ReceiptTiming.Impossible, ReceiptTiming.AsSeen)]
    [InlineData(0, 62_001, ReceiptTiming.NotYet, ReceiptTiming.AsSeen)]
    [InlineData(0, 86_460_000, ReceiptTiming.NotYet, ReceiptTiming.AsSeen)]
    [InlineData(0, 86_460_001, ReceiptTiming.Impossible, ReceiptTiming.AsSeen)]
    [InlineData(1_000, 1_000, ReceiptTiming.AsClaimed, ReceiptTiming.AsClaimed)]
    [InlineData(1_000, 999, ReceiptTiming.Impossible, ReceiptTiming.Impossible)]
    public void Times_AreJudgedByTheTicket_OrByWhatTheGatewaySaw(long started, long ended, ReceiptTiming alone, ReceiptTiming watched)
    {
        var receipt = Receipt(started, ended);
        ReceiptMoment.Of(receipt, Ticket, null, Now).Timing.ShouldBe(alone);
        ReceiptMoment.Of(receipt, Ticket, Watched with { IsOwn = false }, Now).Timing.ShouldBe(alone, "a sum over several tasks saw none of them end");
        ReceiptMoment.Of(receipt, Ticket, Watched with { EndedAt = null }, Now).Timing.ShouldBe(alone);
        ReceiptMoment.Of(receipt, Ticket, Watched, Now).Timing.ShouldBe(watched);
    }

    [Fact]
    public void Moment_IsTheClaimedOne_UnlessClocksDiffer()
    {
        ReceiptMoment.Of(Receipt(5, 900), Ticket, Watched, Now).ShouldBe(new ReceiptMoment(ReceiptTiming.AsClaimed, Assigned.AddMilliseconds(5), Assigned.AddMilliseconds(900)));
        ReceiptMoment.Of(Receipt(-9_000, -8_000), Ticket, Watched, Now).ShouldBe(new ReceiptMoment(ReceiptTiming.AsSeen, Assigned, Seen));
        ReceiptMoment.Of(Receipt(0, 1), new("model", Seen.AddHours(1), 1, 1), Watched, Now)
            .ShouldBe(new ReceiptMoment(ReceiptTiming.AsSeen, Seen, Seen), "the server that assigned it was an hour ahead");
    }

    [Fact]
    public void Law_WorkThatTheGatewaySaw_IsNeverLostToAClock() =>
        Check((receipt, now) => ReceiptMoment.Of(receipt, Ticket, Watched, now).Timing.ShouldBeOneOf(ReceiptTiming.AsClaimed, ReceiptTiming.AsSeen));

    [Fact]
    public void Law_WithoutAWitness_NothingCountsBeforeItsAssignmentOrAfterNow() => Check((receipt, now) =>
    {
        var moment = ReceiptMoment.Of(receipt, Ticket, null, now);
        if (moment.Timing != ReceiptTiming.AsClaimed)
            return;
        moment.StartedAt.ShouldBeGreaterThanOrEqualTo(Assigned - ReceiptMoment.ClockTolerance);
        moment.EndedAt.ShouldBeLessThanOrEqualTo(now + ReceiptMoment.ClockTolerance);
    });

    [Fact]
    public void Law_WhatIsAhead_CountsOnceItsTimeHasCome() => Check((receipt, now) =>
    {
        if (ReceiptMoment.Of(receipt, Ticket, null, now).Timing == ReceiptTiming.NotYet)
            ReceiptMoment.Of(receipt, Ticket, null, receipt.EndedAt).Timing.ShouldBe(ReceiptTiming.AsClaimed);
    });

    private static readonly Assignment Ticket = new("model", Assigned, 1, 1);

    private static readonly Observation Watched = new(TaskOutcome.Success, 1, EndedAt: Seen);

    private static Receipt Receipt(long startedMs, long endedMs) => new(
        new("t"), new("gpu-1"), Samples.Address(1), "model", default, 0, 0, 0, TaskOutcome.Success, Assigned.AddMilliseconds(startedMs), Assigned.AddMilliseconds(endedMs));

    /// <summary>Clocks off by milliseconds, seconds, hours and days.</summary>
    private static void Check(Action<Receipt, DateTimeOffset> law)
    {
        var offset = from unit in Gen.Elements(1L, 1_000, 60_000, 3_600_000, 86_400_000) from count in Gen.Choose(-40, 40) select unit * count;
        var cases = from started in offset from took in Gen.Choose(0, 100_000) from now in offset select (Receipt(started, started + took), Assigned.AddMilliseconds(now));
        Prop.ForAll(cases.ToArbitrary(), one => law(one.Item1, one.Item2)).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));
    }
}
