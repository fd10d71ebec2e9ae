using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Contributions;

public class UptimePartsTests
{
    private static readonly DateTimeOffset Monday = Samples.Monday;
    private static readonly OpenEpoch[] TwoOpen = [new(new(3), Monday.AddDays(-7), Monday), new(new(4), Monday, Monday.AddDays(7))];

    [Fact]
    public void Uptime_AcrossTheEndOfAnEpoch_IsCutThere()
    {
        var parts = UptimeParts.Of(Monday.AddSeconds(-20), Monday.AddSeconds(10), TwoOpen);

        parts.ShouldBe([new(new(3), Monday.AddSeconds(-20), Monday), new(new(4), Monday, Monday.AddSeconds(10))]);
        parts.Select(part => part.GpuMilliseconds(8)).ShouldBe([160_000, 80_000]);
    }

    [Fact]
    public void Uptime_ThatEndsOnTheBoundary_BelongsToTheEpochBefore() =>
        UptimeParts.Of(Monday.AddSeconds(-20), Monday, TwoOpen).ShouldBe([new(new(3), Monday.AddSeconds(-20), Monday)]);

    [Fact]
    public void Uptime_OfAnEpochThatIsClosed_CountsWhereItArrived() =>
        UptimeParts.Of(Monday.AddSeconds(-20), Monday.AddSeconds(10), [TwoOpen[1]]).ShouldBe([new(new(4), Monday.AddSeconds(-20), Monday.AddSeconds(10))]);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Interval_ThatIsEmpty_HasNoParts(int milliseconds) => UptimeParts.Of(Monday, Monday.AddMilliseconds(milliseconds), TwoOpen).ShouldBeEmpty();

    [Fact]
    public void Parts_TouchAndAreTogetherTheInterval_WhateverTheEpochs()
    {
        var cases =
            from lengths in Gen.Choose(1, 500).ListOf(5)
            from closed in Gen.Choose(0, 4)
            from a in Gen.Choose(-200, 2_000)
            from b in Gen.Choose(-200, 2_000)
            select (Lengths: lengths.ToArray(), Closed: closed, From: Math.Min(a, b), To: Math.Max(a, b));
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var open = new List<OpenEpoch>();
            var start = Monday;
            for (var i = 0; i < 5; i++)
            {
                var end = i == 4 ? Monday.AddDays(1) : start.AddMilliseconds(c.Lengths[i]);
                if (i >= c.Closed)
                    open.Add(new(new(i + 1), start, end));
                start = end;
            }

            var (from, to) = (Monday.AddMilliseconds(c.From), Monday.AddMilliseconds(c.To));
            var parts = UptimeParts.Of(from, to, open);

            parts.Sum(part => part.GpuMilliseconds(3)).ShouldBe(3L * (c.To - c.From));
            parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From && pair.First.Epoch != pair.Second.Epoch);
            foreach (var epoch in open)
            {
                // Exactly the milliseconds inside an open epoch count in it, besides those that arrived too late for another one.
                var inside = Math.Max(0, (Min(to, epoch.End) - Max(from, epoch.Start)).TotalMilliseconds);
                parts.Where(part => part.Epoch == epoch.Number).Sum(part => (part.To - part.From).TotalMilliseconds).ShouldBeGreaterThanOrEqualTo(inside);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));
    }

    [Fact]
    public void Span_GoesOnOnlyWhereItEnds_ForTheSameOwnerEpochAndGpus()
    {
        var span = new UptimeSpan(Samples.Address(1), new(3), 8, Monday, Monday.AddSeconds(30));
        var next = span with { Since = span.Until, Until = span.Until.AddSeconds(30) };

        span.Join(next).ShouldBe(span with { Until = next.Until });
        span.Join(next)!.Value.GpuMilliseconds.ShouldBe(480_000);
        span.Join(next with { Since = next.Since.AddMilliseconds(1) }).ShouldBeNull("there is a gap");
        span.Join(next with { Gpus = 7 }).ShouldBeNull();
        span.Join(next with { Epoch = new(4) }).ShouldBeNull();
        span.Join(next with { Participant = Samples.Address(2) }).ShouldBeNull();
    }

    [Fact]
    public void Interval_ThatWasCreditedInPart_BeginsBeyondTheMark()
    {
        Uptime.BeginBeyond(null, Monday).ShouldBe(Monday);
        Uptime.BeginBeyond(new(Monday.AddSeconds(-5)), Monday).ShouldBe(Monday);
        Uptime.BeginBeyond(new(Monday.AddSeconds(5)), Monday).ShouldBe(Monday.AddSeconds(5));
    }

    [Theory]
    [InlineData(TaskOutcome.Success, 500, 3, 0, 450)]
    [InlineData(TaskOutcome.WorkerFault, 0, 0, 3, 0)]
    [InlineData(TaskOutcome.ClientAborted, 0, 0, 0, 0)]
    [InlineData(TaskOutcome.ClientError, 0, 0, 0, 0)]
    [InlineData(TaskOutcome.BackPressure, 0, 0, 0, 0)]
    public void Tally_GrowsByWhatTheOutcomeCountsFor(TaskOutcome outcome, int tokens, int tasks, int failed, int quality)
    {
        var increment = TallyIncrement.Of(outcome, 3, 500, 450, 0, 0);

        (increment.AdjustedTokens, increment.Tasks, increment.FailedTasks, increment.QualityTokens).ShouldBe((tokens, tasks, failed, quality));
        (increment + increment - increment).ShouldBe(increment);
        (increment - increment).IsZero.ShouldBeTrue();
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
