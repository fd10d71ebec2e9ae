using CocoonPool.Domain.Limits;

namespace CocoonPool.Domain.Tests.Limits;

public class RateWindowTests
{
    private static readonly RateLimit Limit = new(10, TimeSpan.FromMinutes(1));

    [Fact]
    public void Take_LetsTheLimitThrough_CountsDown_AndRefusesTheNext()
    {
        var window = default(RateWindow);
        for (var left = 9; left >= 0; left--)
        {
            window = window.Take(Limit, Samples.Monday, out var decision);
            decision.ShouldBe(new RateDecision(true, left, TimeSpan.FromMinutes(1)));
        }

        window.Take(Limit, Samples.Monday.AddSeconds(15), out var refused);

        refused.ShouldBe(new RateDecision(false, 0, TimeSpan.FromSeconds(45)));
    }

    /// <summary>The law: in no stretch of one window's length do more than the limit pass, and the sliding estimate errs by less than one window's limit.</summary>
    [Fact]
    public void Take_AroundTheEndOfAWindow_DoesNotLetTheDoubleThrough()
    {
        var window = default(RateWindow);
        var passed = 0;
        for (var i = 0; i < 200; i++)
        {
            window = window.Take(Limit, Samples.Monday.AddSeconds(55 + i * 0.05), out var decision);
            passed += decision.Allowed ? 1 : 0;
        }
        passed.ShouldBeLessThanOrEqualTo(11);
    }

    [Fact]
    public void Take_AfterAQuietTime_StartsAnew()
    {
        var window = default(RateWindow);
        for (var i = 0; i < 20; i++)
            window = window.Take(Limit, Samples.Monday, out _);

        window.Take(Limit, Samples.Monday.AddMinutes(2), out var decision);

        decision.Remaining.ShouldBe(9);
    }

    [Fact]
    public void Take_CarriesThePartOfTheLastWindowThatTheSlidingOneCovers()
    {
        var window = default(RateWindow);
        for (var i = 0; i < 8; i++)
            window = window.Take(Limit, Samples.Monday, out _);

        // A quarter into the next window three quarters of the eight still count.
        window = window.Take(Limit, Samples.Monday.AddSeconds(75), out var decision);

        decision.ShouldBe(new RateDecision(true, 3, TimeSpan.FromSeconds(45)));
    }

    [Fact]
    public void IsFull_TellsWhatTakeWouldSay_AndCountsNothing()
    {
        var window = default(RateWindow);
        for (var i = 0; i < 9; i++)
            window = window.Take(Limit, Samples.Monday, out _);

        window.IsFull(Limit, Samples.Monday).ShouldBeFalse();
        window.IsFull(Limit, Samples.Monday).ShouldBeFalse("asking is free");
        window.Take(Limit, Samples.Monday, out _).IsFull(Limit, Samples.Monday).ShouldBeTrue();
    }
}
