using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Contributions;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Epochs;

/// <summary>Times that others tell do not move the pool's calendar.</summary>
public sealed class CalendarClockTests
{
    [Fact]
    public async Task Payment_DatedInTheFuture_CountsNow_AndOpensNoEpoch()
    {
        await using var host = await PoolHost.Start();
        host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(10), host.Time.GetUtcNow().AddYears(5));

        await host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();

        (await host.Get<IEpochStore>().List(PoolHost.PoolId, 100)).ShouldHaveSingleItem();
        (await host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Revenue(new(1)))).Balance.ShouldBe(Nanotons.FromTon(10));
    }

    [Fact]
    public async Task Receipt_OfAWorkerWhoseClockIsAhead_OpensNoEpoch()
    {
        await using var store = await Store.Create();
        var beforeTheEnd = Store.Monday.AddDays(7).AddSeconds(-1);

        await store.Record(Store.Task("task-1", Store.Monday.AddDays(7), arrivedAt: beforeTheEnd));

        (await store.Epochs.List(Store.PoolId, 100)).ShouldHaveSingleItem();
        (await store.Tallies(1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Epochs_AreListedInPages_NewestFirst()
    {
        await using var store = await Store.Create();
        await store.Epochs.OpenUntil(Store.PoolId, Store.Monday.AddDays(7 * 4));

        var page = await store.Epochs.List(Store.PoolId, 2);
        var next = await store.Epochs.List(Store.PoolId, 2, page[^1].Number);

        page.Concat(next).Select(epoch => epoch.Number.Value).ShouldBe([5, 4, 3, 2]);
        (await store.Epochs.Unsettled(Store.PoolId)).Select(epoch => epoch.Number.Value).ShouldBe([1, 2, 3, 4, 5]);
        (await store.Epochs.LastFinalized(Store.PoolId)).ShouldBeNull();
    }
}
