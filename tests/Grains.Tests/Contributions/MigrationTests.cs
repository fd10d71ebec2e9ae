using CocoonPool.Adapters.Postgres;
using CocoonPool.TestKit;
using Npgsql;

namespace CocoonPool.Grains.Tests.Contributions;

/// <summary>A database that was used by the version before keeps every contribution, tally and balance, and can be taken back.</summary>
public sealed class MigrationTests
{
    private const int FirstOfMonths = 10;

    [Fact]
    public async Task Schema_DownAndUpAgain_KeepsWhatWasRecorded()
    {
        await using var store = await Store.Create(time: new ManualTimeProvider());
        var noon = Store.Monday.AddHours(12);
        await store.Record(Store.Task("task-1", noon));
        await store.Contributions.RecordUptime(Store.PoolId, Store.Uptime(noon, noon.AddSeconds(30), gpus: 8));
        await store.Get<Grains.Ledger.ILedgerStore>().Append(Store.PoolId,
            [new("in", Domain.Ledger.AccountName.Distribution, Domain.Ledger.AccountName.Revenue(new(1)), new(5), Domain.Ledger.TransferKind.Revenue, "", noon)]);

        var migrator = new Migrator(store.Get<NpgsqlDataSource>());
        while ((await migrator.Down())!.Version > FirstOfMonths)
        {
        }

        await migrator.Up();

        (await store.Tallies(1)).Single().Tally.Tasks.ShouldBe(1);
        (await store.Contributions.Receipts(Store.PoolId, Store.Participant(1), 10)).Single().Task.Value.ShouldBe("task-1");
        (await store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
        (await store.Get<Grains.Ledger.ILedgerStore>().Verify(Store.PoolId)).FirstProblem.ShouldBeNull();

        // The mark was kept too: what was credited before counts once.
        await store.Contributions.RecordUptime(Store.PoolId, Store.Uptime(noon, noon.AddSeconds(40), gpus: 8));
        (await store.GpuMilliseconds(1)).ShouldBe(320_000);
        (await store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
    }
}
