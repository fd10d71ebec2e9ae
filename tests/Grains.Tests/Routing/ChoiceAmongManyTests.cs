using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Routing;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CocoonPool.Grains.Tests.Routing;

/// <summary>Choosing among more workers than a choice looks at, over the real router.</summary>
public sealed class ChoiceAmongManyTests
{
    private const string Model = "demo";

    public static TheoryData<string> Every => [.. RoutingPolicies.Names];

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Slots_OfAllWorkersAreGiven_AndNoneTwice(string policy)
    {
        await using var host = await PoolHost.Start();
        using var snapshot = await Fleet(host, Enumerable.Range(0, 200).Select(i => Report(i, slots: 1 + i % 3)));
        var queue = Queue(host, snapshot, policy);
        var all = snapshot.Offers(Model).Sum(o => o.MaxConcurrency);

        var given = Enumerable.Range(0, all).Select(_ => queue.TryEnter(Request()).ShouldNotBeNull()).ToList();

        queue.TryEnter(Request()).ShouldBeNull("every slot is taken");
        given.GroupBy(o => o.Route.Worker).ShouldAllBe(worker => worker.Count() == worker.First().MaxConcurrency);
        var waiting = queue.Enter(Request() with { Deadline = host.Time.GetUtcNow().AddMinutes(1) }, CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        queue.Leave(given[77]);
        (await waiting).Offer!.Route.Worker.ShouldBe(given[77].Route.Worker);
    }

    /// <summary>As the policies' own tests ask of them where they see all.</summary>
    [Theory]
    [InlineData("power-of-two-choices")]
    [InlineData("weighted")]
    public async Task Load_IsSpreadByWeight(string policy)
    {
        int[] sizes = [1, 1, 2, 2, 4, 4, 8, 16, 16];
        await using var host = await PoolHost.Start();
        using var snapshot = await Fleet(host, Enumerable.Range(0, 450).Select(i => Report(i, sizes[i % sizes.Length])));
        var queue = Queue(host, snapshot, policy);
        var running = new Queue<RouteOffer>();

        for (var request = 0; request < 60_000; request++)
        {
            if (running.Count == 1_000)
                queue.Leave(running.Dequeue());
            running.Enqueue(queue.TryEnter(Request()).ShouldNotBeNull());
        }

        var offers = snapshot.Offers(Model);
        Fairness.Gini([.. offers.Select(o => (double)o.Slots.Recently)], [.. offers.Select(o => (double)o.MaxConcurrency)]).ShouldBeLessThan(0.2);
    }

    [Fact]
    public async Task Constraint_ThatOneOfManyMeets_FindsIt()
    {
        await using var host = await PoolHost.Start();
        using var snapshot = await Fleet(host, Enumerable.Range(0, 300).Select(i => Report(i, slots: 2, region: i == 222 ? "mars" : "earth")));
        var queue = Queue(host, snapshot, "power-of-two-choices");

        var found = Enumerable.Range(0, 2).Select(_ => queue.TryEnter(Request("mars"))).ToList();

        found.ShouldAllBe(offer => offer!.Route.Worker == new WorkerId("worker-222"));
        queue.TryEnter(Request("mars")).ShouldBeNull();
        queue.TryEnter(Request("earth")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Slots_AreCountedOverChangesOfTheTable()
    {
        await using var host = await PoolHost.Start();
        using var snapshot = await Fleet(host, [Report(0, slots: 2)]);
        var queue = Queue(host, snapshot, "power-of-two-choices");
        var first = queue.TryEnter(Request()).ShouldNotBeNull();
        var second = queue.TryEnter(Request()).ShouldNotBeNull();

        await Publish(host, snapshot, Report(0, slots: 3));
        var third = queue.TryEnter(Request()).ShouldNotBeNull("the worker has one more now");
        queue.TryEnter(Request()).ShouldBeNull();

        await Publish(host, snapshot, Report(0, slots: 1));
        queue.Leave(first);
        queue.Leave(second);
        queue.TryEnter(Request()).ShouldBeNull("the third still runs, and one is all it takes now");

        snapshot.Drop(new WorkerId("worker-0"));
        queue.TryEnter(Request()).ShouldBeNull("its stream is gone");
        queue.Leave(third);
        queue.TryEnter(Request()).ShouldBeNull("what ends there brings it not back");

        await snapshot.Refresh();
        queue.TryEnter(Request()).ShouldNotBeNull();
        queue.TryEnter(Request()).ShouldBeNull();
    }

    private static ModelQueue Queue(PoolHost host, RoutingSnapshot snapshot, string policy) =>
        new(Model, ModelTerms.Of(new(), Model) with { Policy = RoutingPolicies.Find(policy)! }, new(), snapshot, host.Time);

    private static RouteRequest Request(string? region = null) =>
        new(RouteNeeds.None with { Region = region }, RequestPriority.Normal, PrefixHash.Of("a story"), 100, [], DateTimeOffset.MaxValue);

    private static RouteReport Report(int worker, int slots, string region = "earth") =>
        new(new WorkerId($"worker-{worker}"), [Model], [4096], [slots], 100, region, 1000, 80);

    private static async Task<RoutingSnapshot> Fleet(PoolHost host, IEnumerable<RouteReport> reports)
    {
        var snapshot = new RoutingSnapshot(
            host.Grains, host.Get<IWorkerDirectory>(), host.Get<IParticipantDirectory>(), new PoolSettings { Id = PoolHost.PoolId }, host.Time, NullLogger<RoutingSnapshot>.Instance);
        await Publish(host, snapshot, [.. reports]);
        return snapshot;
    }

    private static async Task Publish(PoolHost host, RoutingSnapshot snapshot, params RouteReport[] reports)
    {
        foreach (var report in reports)
            await host.Grains.GetGrain<IRouterGrain>(PoolHost.PoolId).Publish(report);
        await snapshot.Refresh();
    }
}
