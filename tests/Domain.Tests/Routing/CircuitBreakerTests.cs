using CocoonPool.Domain.Routing;

namespace CocoonPool.Domain.Tests.Routing;

public class CircuitBreakerTests
{
    private static readonly DateTimeOffset Now = Samples.Monday;

    [Fact]
    public void Opens_AfterFiveFailuresInARow_AndTriesOneRequestAfterThePause()
    {
        var breaker = Failed(default, 4);
        breaker.Admits(Now).ShouldBeTrue();

        breaker = breaker.Fail(Now);

        breaker.Admits(Now).ShouldBeFalse();
        breaker.Admits(Now.AddMilliseconds(999)).ShouldBeFalse();
        breaker.Admits(Now.AddSeconds(1)).ShouldBeTrue();
        var trying = breaker.Begin();
        trying.Admits(Now.AddSeconds(1)).ShouldBeFalse("one at a time tries");
        trying.Succeed().ShouldBe(default);
    }

    [Fact]
    public void Pause_DoublesWithEveryFailedTry_UpToAMinute()
    {
        var breaker = Failed(default, 5);
        var now = Now;
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            (breaker.OpenUntil - now).ShouldBe(TimeSpan.FromSeconds(seconds));
            now = breaker.OpenUntil;
            breaker = breaker.Begin().Fail(now);
        }
    }

    [Fact]
    public void Opens_WhenHalfOfTheLastAnswersFailed_AlthoughNeverFiveInARow()
    {
        var breaker = default(CircuitBreaker);
        for (var i = 0; i < 20 && breaker.Phase == BreakerPhase.Closed; i++)
            breaker = i % 2 == 0 ? breaker.Succeed() : breaker.Fail(Now);

        breaker.Phase.ShouldBe(BreakerPhase.Open);
    }

    [Fact]
    public void Half_CountsFromTenAnswersOn()
    {
        var breaker = Answers(default, "FSFSFSFSF");
        breaker.Phase.ShouldBe(BreakerPhase.Closed, "five of nine say too little");

        Answers(breaker, "SF").Phase.ShouldBe(BreakerPhase.Open, "six of eleven");
        Answers(default, "SFSFSFSFSF").Phase.ShouldBe(BreakerPhase.Open, "five of ten");
        Answers(default, "SSFSFSFSFS").Phase.ShouldBe(BreakerPhase.Closed, "four of ten");
    }

    [Fact]
    public void Half_IsOfTheLastTwentyAnswers_AndOlderOnesAreForgotten()
    {
        var quiet = Answers(default, "FSFSFSFS" + new string('S', 20));

        var nine = Answers(quiet, "FFFFSFFFFSFSS");

        nine.Phase.ShouldBe(BreakerPhase.Closed, "nine of the last twenty");
        Answers(nine, "F").Phase.ShouldBe(BreakerPhase.Open, "ten of them");
    }

    [Fact]
    public void StaysClosed_WhenAFewOfManyFail()
    {
        var breaker = default(CircuitBreaker);
        for (var i = 0; i < 1_000; i++)
            breaker = i % 5 == 0 ? breaker.Fail(Now) : breaker.Succeed();

        breaker.Phase.ShouldBe(BreakerPhase.Closed);
    }

    [Fact]
    public void Outage_IsOneOpening_HoweverManyRequestsItCost()
    {
        var breaker = Failed(default, 50);

        breaker.Openings.ShouldBe(1);
        breaker.OpenUntil.ShouldBe(Now.AddSeconds(1));
    }

    [Fact]
    public void Try_ThatSaysNothingAboutTheWorker_LetsTheNextOneTry()
    {
        var trying = Failed(default, 5).Begin();

        trying.Release().Admits(Now).ShouldBeTrue();
    }

    [Fact]
    public void RetryBudget_IsAFifthOfTheRequests()
    {
        var budget = new RetryBudget(0);
        var retries = 0;
        for (var i = 0; i < 1_000; i++)
        {
            budget = budget.Request(20);
            retries += budget.TryRetry(out budget) ? 1 : 0;
        }
        retries.ShouldBe(200);
    }

    [Fact]
    public void RetryBudget_LetsAQuietPoolRetryAtOnce() => RetryBudget.Initial.TryRetry(out _).ShouldBeTrue();

    [Fact]
    public void Latency_JumpsToAPeakAndComesDownSlowly()
    {
        var latency = default(PeakEwma).Observe(TimeSpan.FromMilliseconds(10), Now).Observe(TimeSpan.FromMilliseconds(500), Now.AddSeconds(1));
        latency.Microseconds.ShouldBe(500_000);
        var soon = latency.Observe(TimeSpan.FromMilliseconds(10), Now.AddSeconds(2)).Microseconds;
        var later = latency.Observe(TimeSpan.FromMilliseconds(10), Now.AddSeconds(31)).Microseconds;
        soon.ShouldBeInRange(400_000, 500_000);
        later.ShouldBeInRange(10_000, 50_000);
    }

    [Theory]
    [InlineData(5_000L, 0, null, null, null, RouteRefusal.ContextTooShort)]
    [InlineData(0L, 48, null, null, null, RouteRefusal.VramTooSmall)]
    [InlineData(0L, 0, "us", null, null, RouteRefusal.OtherRegion)]
    [InlineData(0L, 0, null, "tdx", null, RouteRefusal.NotAttested)]
    [InlineData(0L, 0, null, null, 999, RouteRefusal.TooExpensive)]
    [InlineData(4_096L, 24, "EU", "none", 1_000, null)]
    public void Constraints_NameWhatDoesNotHold(long context, int vram, string? region, string? attestation, int? coefficient, RouteRefusal? refusal) =>
        RouteConstraints.Check(new(4_096, 24, "eu", "none", 1_000), new(context, region, attestation, coefficient, vram)).ShouldBe(refusal);

    private static CircuitBreaker Failed(CircuitBreaker breaker, int times)
    {
        for (var i = 0; i < times; i++)
            breaker = breaker.Fail(Now);
        return breaker;
    }

    /// <param name="answers">S and F, oldest first.</param>
    private static CircuitBreaker Answers(CircuitBreaker breaker, string answers) =>
        answers.Aggregate(breaker, (now, answer) => answer == 'F' ? now.Fail(Now) : now.Succeed());
}
