using CocoonPool.Domain.Contributions;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Contributions;

public class UptimeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    [Fact]
    public void FirstHeartbeat_OnlySetsTheMark() => Uptime.Credit(null, Noon, Timeout, 8).ShouldBe(new UptimeCredit(Noon, Noon, 0));

    [Fact]
    public void Gap_UpToTheTimeout_IsCreditedWholeForEveryGpu() =>
        Uptime.Credit(new(Noon), Noon + Timeout, Timeout, 8).ShouldBe(new UptimeCredit(Noon, Noon + Timeout, 8 * 90_000));

    [Fact]
    public void Gap_OverTheTimeout_EarnsNothingAndStartsAnew()
    {
        var late = Noon + Timeout + TimeSpan.FromTicks(1);
        Uptime.Credit(new(Noon), late, Timeout, 8).ShouldBe(new UptimeCredit(Noon + Timeout, Noon + Timeout, 0));
    }

    [Fact]
    public void Marks_AreWholeMilliseconds_AsTheEndsOfEpochsAre()
    {
        var ragged = new UptimeMark(Noon.AddTicks(12_345));
        Uptime.Credit(null, Noon.AddTicks(12_345), Timeout, 1).Mark.ShouldBe(new(Noon.AddMilliseconds(1)));
        Uptime.Credit(ragged, Noon.AddMilliseconds(5), Timeout, 1).ShouldBe(new UptimeCredit(Noon.AddMilliseconds(1), Noon.AddMilliseconds(5), 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-3_600_000)]
    public void Heartbeat_ThatIsRepeatedOrFromThePast_EarnsNothingAndKeepsTheMark(int milliseconds) =>
        Uptime.Credit(new(Noon), Noon.AddMilliseconds(milliseconds), Timeout, 8).ShouldBe(new UptimeCredit(Noon, Noon, 0));

    [Fact]
    public void PartsOfAMillisecond_AreKeptForTheNextHeartbeat()
    {
        var mark = new UptimeMark(Noon);
        long total = 0;
        for (var i = 1; i <= 10; i++)
        {
            var credit = Uptime.Credit(mark, Noon.AddTicks(i * 15_000), Timeout, 1);
            mark = credit.Mark;
            total += credit.GpuMilliseconds;
        }

        total.ShouldBe(15);
    }

    [Fact]
    public void NegativeGpus_AreABug() => Should.Throw<ArgumentOutOfRangeException>(() => Uptime.Credit(null, Noon, Timeout, -1));

    [Fact]
    public void Heartbeats_InAnyOrderAndNumber_NeverCreditAMomentTwice()
    {
        var offsets = Gen.Choose(0, 400_000).ListOf().Select(list => list.ToArray()).ToArbitrary();
        Prop.ForAll(offsets, arrivals =>
        {
            UptimeMark? mark = null;
            long total = 0;
            foreach (var arrival in arrivals)
            {
                var credit = Uptime.Credit(mark, Noon.AddMilliseconds(arrival), Timeout, 1);
                (mark is null || credit.To >= mark.Value.CreditedUntil).ShouldBeTrue("The mark never moves back.");
                credit.GpuMilliseconds.ShouldBe((long)(credit.To - credit.From).TotalMilliseconds);
                mark = credit.Mark;
                total += credit.GpuMilliseconds;
            }

            total.ShouldBeLessThanOrEqualTo(arrivals.Length == 0 ? 0 : arrivals.Max() - arrivals[0] < 0 ? 0 : arrivals.Max() - arrivals[0]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));
    }
}
