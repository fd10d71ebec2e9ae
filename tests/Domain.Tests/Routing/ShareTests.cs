using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Tests.Routing;

/// <summary>What share of the requests each worker gets: by its weight, in a full pool and in a quiet one.</summary>
public class ShareTests
{
    /// <summary>From one request at a time to nearly full.</summary>
    private static readonly int[] LoadPercents = [0, 10, 30, 50, 70, 95];

    public static TheoryData<string, int> EvenPolicies
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var load in LoadPercents)
            {
                data.Add("power-of-two-choices", load);
                data.Add("weighted", load);
                // What is the emptiest for its size says little while most run nothing: the small take more than their share then.
                if (load is 0 or >= 50)
                    data.Add("least-loaded", load);
            }
            return data;
        }
    }

    public static TheoryData<string> Every => [.. RoutingPolicies.Names];

    /// <summary>Requests come and go at random on workers of 1 to 16 slots; what each was given, by its slots, has to be even.</summary>
    [Theory]
    [MemberData(nameof(EvenPolicies))]
    public void Load_OnASkewedFleet_IsSpreadByWeight(string name, int loadPercent)
    {
        int[] slots = [1, 1, 2, 2, 4, 4, 8, 16, 16];
        var policy = RoutingPolicies.Find(name)!;
        var random = new Random(5);
        var running = new int[slots.Length];
        var given = new double[slots.Length];
        var most = Math.Max(1, slots.Sum() * loadPercent / 100);
        for (var step = 0; step < 20_000; step++)
        {
            if (running.Sum() < most)
            {
                var free = Enumerable.Range(0, slots.Length).Where(i => running[i] < slots[i]).ToArray();
                var chosen = free[policy.Choose([.. free.Select(i => new Candidate(Id(i), running[i], slots[i], 100))], Draw(random, step))];
                running[chosen]++;
                given[chosen]++;
            }
            else
            {
                // Every running request is as likely to end next.
                var nth = random.Next(running.Sum());
                running[Enumerable.Range(0, slots.Length).First(i => (nth -= running[i]) < 0)]--;
            }
        }

        Fairness.Gini(given, [.. slots.Select(s => (double)s)]).ShouldBeLessThan(0.2);
    }

    /// <summary>One request a second, each over before the next comes: nothing ever runs when a worker is chosen, and the new one is as fast as the old.</summary>
    [Theory]
    [MemberData(nameof(Every))]
    public void Newcomer_InAQuietPool_GetsLessThanTheOthersAndNotNothing(string name)
    {
        var (shares, _) = Quietly(name, seconds: 120, newSince: Samples.Monday);

        // A quarter of the others' weight at first and the whole at last: five workers, so 0.14 on average.
        shares[^1].ShouldBeInRange(0.02, 0.19, string.Join(' ', shares));
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Newcomer_WhenItsRampIsOver_IsOneOfThem(string name)
    {
        var (shares, _) = Quietly(name, seconds: 600, newSince: Samples.Monday - WorkerWeight.Ramp);

        shares.ShouldAllBe(share => share > 0.1 && share < 0.3, string.Join(' ', shares));
    }

    /// <summary>A worker whose answer was once slow is asked again in time, although the others never give a reason to leave them.</summary>
    [Fact]
    public void LowestLatency_AfterOneSlowAnswer_ComesBack()
    {
        var (_, last) = Quietly("lowest-latency", seconds: 300, newSince: Samples.Monday - WorkerWeight.Ramp, slowOnce: TimeSpan.FromSeconds(5));

        last.ShouldBeGreaterThan(60);
    }

    [Fact]
    public void Latency_ThatNothingFollows_FadesUntilNothingIsKnown()
    {
        var peak = default(PeakEwma).Observe(TimeSpan.FromSeconds(1), Samples.Monday);

        peak.At(Samples.Monday).ShouldBe(1_000_000);
        peak.At(Samples.Monday.AddSeconds(10)).ShouldBeInRange(300_000, 400_000);
        peak.At(Samples.Monday.AddMinutes(10)).ShouldBe(0);
    }

    /// <returns>The share of each worker, the new one's last, and the second in which the new one was chosen last.</returns>
    private static (double[] Shares, int Last) Quietly(string name, int seconds, DateTimeOffset newSince, TimeSpan slowOnce = default)
    {
        const int workers = 5;
        var policy = RoutingPolicies.Find(name)!;
        var random = new Random(8);
        var given = new int[workers];
        var latencies = new PeakEwma[workers];
        var last = -1;
        for (var second = 0; second < seconds; second++)
        {
            var now = Samples.Monday.AddSeconds(second);
            var fleet = Enumerable.Range(0, workers).Select(i => new Candidate(
                Id(i), 0, 4, i == workers - 1 ? WorkerWeight.Percent(100, newSince, now) : 100, 1000, latencies[i].At(now))).ToArray();
            // Each request begins another conversation.
            var chosen = policy.Choose(fleet, new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)second, PrefixHash.Of($"{second}")));
            given[chosen]++;
            var isFirstOfNew = chosen == workers - 1 && last < 0;
            if (chosen == workers - 1)
                last = second;
            var usual = TimeSpan.FromMilliseconds(25 + random.Next(10));
            latencies[chosen] = latencies[chosen].Observe(isFirstOfNew && slowOnce > usual ? slowOnce : usual, now);
        }
        return ([.. given.Select(g => (double)g / seconds)], last);
    }

    private static WorkerId Id(int i) => new($"w{i}");

    private static Draw Draw(Random random, int turn) => new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)turn, (ulong)random.Next(0, 3));
}
