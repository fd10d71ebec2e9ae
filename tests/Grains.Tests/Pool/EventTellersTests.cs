using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Adapters.Postgres.Webhooks;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Tests.Contributions;
using CocoonPool.Silo.Live;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CocoonPool.Grains.Tests.Pool;

/// <summary>Those who tell events on, on several servers at once: webhooks' notes and the tails that feeds read.</summary>
public sealed class EventTellersTests : IAsyncLifetime
{
    private Store _store = null!;

    private CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await Store.Create();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Webhooks_AreNotedOnceByAllServers_FromTheirMakingOn()
    {
        await using var other = Store.Open(_store.Connection);
        WebhookStore[] servers = [Webhooks(_store), Webhooks(other)];
        await Tell("before", "epoch_finalized");
        await servers[0].Add(Store.PoolId, Guid.NewGuid(), "https://x.example/", ["epoch_finalized", "slash_opened"], [0], "x", Cancel);

        for (var i = 0; i < 20; i++)
        {
            await Tell($"{i}", "epoch_finalized");
            await Tell($"unwanted/{i}", "reward_distributed");
            await Task.WhenAll(servers.Select(server => server.NoteWhatHappened(Store.PoolId, Cancel)));
        }
        await _store.Get<IPoolEvents>().Append(Store.PoolId, new("slash/ab/opened", Store.Monday, "slash_opened", Store.Participant(1), "{}"), Cancel);
        await servers[1].NoteWhatHappened(Store.PoolId, Cancel);

        var deliveries = await servers[0].Deliveries(Store.PoolId, 100, Cancel);
        deliveries.Count(d => d.Event == "epoch_finalized").ShouldBe(20);
        deliveries.Count(d => d.Event == "slash_opened").ShouldBe(1);
        deliveries.Count.ShouldBe(21);
    }

    [Fact]
    public async Task Tails_OfTwoSilos_TellEachEventAtOnePosition_WhoeverGaveIt()
    {
        await using var other = Store.Open(_store.Connection);
        using var one = Tail(_store, Store.PoolId);
        using var two = Tail(other, Store.PoolId);
        await Tell("first", "epoch_finalized");
        await one.StartAsync(Cancel);
        await two.StartAsync(Cancel);
        var before = await one.Next(Cancel);

        await Tell("second", "epoch_finalized");
        var there = await Reaching(two, 2);
        await Tell("third", "epoch_finalized");
        var here = await Reaching(one, 3);

        before.Events.Select(e => e.Position).ShouldBe([1]);
        there.Events.Select(e => e.Position).ShouldBe([1, 2]);
        here.Events.Select(e => e.Position).ShouldBe([1, 2, 3]);
        here.Events[1].Frame.ShouldBe(there.Events[1].Frame);
        (await one.After(1, here, Cancel)).Select(e => e.Position).ShouldBe([2, 3]);
        await one.StopAsync(Cancel);
        await two.StopAsync(Cancel);
    }

    [Fact]
    public async Task Tail_ThatNobodyWaitsFor_ReadsNothing()
    {
        using var idle = Tail(_store, Store.PoolId);
        using var busy = Tail(_store, "other");
        await Tell("first", "epoch_finalized");
        await idle.StartAsync(Cancel);
        await busy.StartAsync(Cancel);

        for (var second = 0; second < 3; second++)
            await busy.Next(Cancel);

        (await _store.Get<EventJournal>().After(Store.PoolId, 0, 10, Cancel)).ShouldBeEmpty("it was given no position");
        (await idle.Next(Cancel)).Events.Count.ShouldBe(1);
        await idle.StopAsync(Cancel);
        await busy.StopAsync(Cancel);
    }

    [Fact]
    public void Window_KeepsTheNewest_WithoutAGap()
    {
        static FeedEvent[] Of(params long[] positions) => [.. positions.Select(p => new FeedEvent(p, null, null, []))];

        var window = EventWindow.Empty.With(0, Of(1, 2), most: 3);
        (window.Start, window.Head).ShouldBe((0, 2));
        window.With(2, [], most: 3).ShouldBeEquivalentTo(window);
        var longer = window.With(2, Of(3, 4, 6), most: 3);
        (longer.Start, longer.Head).ShouldBe((2, 6));
        longer.After(4).Select(e => e.Position).ShouldBe([6]);
        var jumped = longer.With(20, Of(21), most: 3);
        (jumped.Start, jumped.Head, jumped.Events.Count).ShouldBe((20, 21, 1));
        (longer.With(20, [], most: 3).Start, longer.With(20, [], most: 3).Head).ShouldBe((20, 20));
    }

    private static WebhookStore Webhooks(Store store) => new(store.Get<NpgsqlDataSource>(), store.Get<EventJournal>(), TimeProvider.System);

    private static EventTail Tail(Store store, string pool) => new(store.Get<EventJournal>(), new PoolSettings { Id = pool }, TimeProvider.System, NullLogger<EventTail>.Instance);

    private async Task<EventWindow> Reaching(EventTail tail, long position)
    {
        while (true)
        {
            if (await tail.Next(Cancel) is var window && window.Head >= position)
                return window;
        }
    }

    private Task Tell(string id, string type) => _store.Get<IPoolEvents>().Append(Store.PoolId, new(id, Store.Monday, type, null, "{}"), Cancel);
}
