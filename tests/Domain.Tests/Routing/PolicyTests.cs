using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Tests.Routing;

public class PolicyTests
{
    public static TheoryData<string> Every => [.. RoutingPolicies.Names];

    [Theory]
    [MemberData(nameof(Every))]
    public void Choose_AlwaysAnswersACandidate_AndNothingForNone(string name)
    {
        var policy = RoutingPolicies.Find(name)!;
        policy.Choose([], new(7)).ShouldBe(-1);
        var random = new Random(1);
        for (var round = 0; round < 5_000; round++)
        {
            var candidates = Fleet(random, random.Next(1, 12));
            policy.Choose(candidates, Draw(random, round)).ShouldBeInRange(0, candidates.Length - 1);
        }
    }

    [Theory]
    [InlineData("round-robin")]
    [InlineData("least-loaded")]
    [InlineData("power-of-two-choices")]
    [InlineData("weighted")]
    public void Choose_GivesADegradedWorkerAboutAQuarter(string name)
    {
        // Many slots and requests that stay, so that the shares are those of the weights.
        int[] weights = [100, 100, 100, WorkerWeight.Degraded];
        var running = new int[4];
        var random = new Random(2);
        for (var round = 0; round < 1_300; round++)
        {
            var candidates = weights.Select((weight, i) => new Candidate(Id(i), running[i], 1_000, weight)).ToArray();
            running[RoutingPolicies.Find(name)!.Choose(candidates, Draw(random, round))]++;
        }

        running[3].ShouldBeInRange(60, 190, name);
        running[..3].ShouldAllBe(count => count > 300);
    }

    [Fact]
    public void RoundRobin_WithEqualWorkers_TakesThemInTurn()
    {
        var policy = new RoundRobin();
        var candidates = Enumerable.Range(0, 3).Select(i => new Candidate(Id(i), 0, 1, 100)).ToArray();

        Enumerable.Range(0, 6).Select(turn => policy.Choose(candidates, new(99, (ulong)turn))).ShouldBe([0, 1, 2, 0, 1, 2]);
    }

    [Fact]
    public void LeastLoaded_TakesTheEmptiestForItsSize() =>
        new LeastLoaded().Choose([new(Id(0), 1, 2, 100), new(Id(1), 3, 16, 100), new(Id(2), 1, 4, 100)], new(5)).ShouldBe(1);

    [Fact]
    public void Weighted_CountsReputation()
    {
        Candidate[] candidates = [new(Id(0), 0, 4, 100, 1000), new(Id(1), 0, 4, 100, 250)];
        var random = new Random(3);
        var second = Enumerable.Range(0, 10_000).Count(i => new Weighted().Choose(candidates, Draw(random, i)) == 1);
        second.ShouldBeInRange(1_800, 2_200);
    }

    [Fact]
    public void LowestLatency_LeavesASlowWorker_AndTriesAnUnknownOneOnce()
    {
        var policy = new LowestLatency();
        policy.Choose([new(Id(0), 0, 8, 100, 1000, 90_000), new(Id(1), 0, 8, 100, 1000, 30_000)], new(1)).ShouldBe(1);
        policy.Choose([new(Id(0), 0, 8, 100, 1000, 90_000), new(Id(1), 0, 8, 100)], new(1)).ShouldBe(1);
        policy.Choose([new(Id(0), 0, 8, 100, 1000, 90_000), new(Id(1), 1, 8, 100)], new(1)).ShouldBe(0);
    }

    [Fact]
    public void Sticky_KeepsAConversationAtItsWorker_AndMovesOnlyTheConversationsOfOneThatLeaves()
    {
        var policy = new Sticky();
        var fleet = Enumerable.Range(0, 10).Select(i => new Candidate(Id(i), 0, 8, 100)).ToArray();
        var without = fleet.Where(c => c.Worker != Id(4)).ToArray();
        var random = new Random(4);
        var homes = new int[10];
        for (var i = 0; i < 10_000; i++)
        {
            var prefix = PrefixHash.Of($"conversation {i}");
            var home = fleet[policy.Choose(fleet, new((ulong)random.NextInt64(), 0, prefix))].Worker;
            fleet[policy.Choose(fleet, new((ulong)random.NextInt64(), 9, prefix))].Worker.ShouldBe(home);
            homes[int.Parse(home.Value[1..])]++;
            if (home != Id(4))
                without[policy.Choose(without, new((ulong)random.NextInt64(), 0, prefix))].Worker.ShouldBe(home);
        }
        homes.ShouldAllBe(count => count > 800 && count < 1_200);
    }

    [Fact]
    public void Sticky_WhenItsWorkerCarriesTooMuch_SpillsOverToTheSameOtherOne()
    {
        var policy = new Sticky();
        var prefix = PrefixHash.Of("a long story");
        Candidate[] Fleet(int busy, int running) => [.. Enumerable.Range(0, 5).Select(i => new Candidate(Id(i), i == busy ? running : 1, 8, 100))];
        var home = policy.Choose(Fleet(-1, 0), new(1, 0, prefix));

        var spilled = Enumerable.Range(0, 20).Select(i => policy.Choose(Fleet(home, 8), new((ulong)i, 0, prefix))).Distinct().ToList();

        spilled.Count.ShouldBe(1);
        spilled[0].ShouldNotBe(home);
    }

    [Fact]
    public void Gini_IsZeroForEvenAndNearOneForOneWhoCarriesAll()
    {
        Fairness.Gini([10, 20, 40], [1, 2, 4]).ShouldBe(0, 1e-12);
        Fairness.Gini([.. Enumerable.Range(0, 100).Select(i => i == 0 ? 1.0 : 0)], [.. Enumerable.Repeat(1.0, 100)]).ShouldBe(0.99, 1e-9);
        Fairness.Gini([], []).ShouldBe(0);
    }

    [Theory]
    [InlineData(25, null, 25)]
    [InlineData(100, null, 100)]
    [InlineData(100, 0, 25)]
    [InlineData(100, 60, 62)]
    [InlineData(100, 120, 100)]
    [InlineData(100, -5, 25)]
    public void Weight_GrowsBackOverTwoMinutes(int reported, int? secondsAgo, int percent) =>
        WorkerWeight.Percent(reported, secondsAgo is { } s ? Samples.Monday.AddSeconds(-s) : null, Samples.Monday).ShouldBe(percent);

    private static WorkerId Id(int i) => new($"w{i}");

    private static Draw Draw(Random random, int turn) => new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)turn, (ulong)random.Next(0, 3));

    private static Candidate[] Fleet(Random random, int size) => [.. Enumerable.Range(0, size).Select(i =>
        new Candidate(Id(i), random.Next(0, 5), random.Next(1, 9), random.Next(1, 101), random.Next(0, 1001), random.Next(0, 100_000)))];
}
