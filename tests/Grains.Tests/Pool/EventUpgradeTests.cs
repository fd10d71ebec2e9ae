using CocoonPool.Adapters.Postgres;
using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Adapters.Postgres.Webhooks;
using CocoonPool.Grains.Tests.Contributions;
using Npgsql;

namespace CocoonPool.Grains.Tests.Pool;

/// <summary>A database of the version before, whose webhooks were told from a view of other tables.</summary>
public sealed class EventUpgradeTests
{
    private const int EventsInOrder = 63;

    [Fact]
    public async Task Upgrade_TellsEachWebhookWhatItWasNotTold_AndNothingTwice()
    {
        await using var store = await Store.Create();
        var migrator = new Migrator(store.Get<NpgsqlDataSource>());
        while ((await migrator.Down())!.Version > EventsInOrder)
        {
        }

        var told = Guid.NewGuid();
        await Execute(store,
            $"""
            update epochs set phase = 4, participants = 3, bundle_hash = '\x01' where number = 1;
            insert into epochs (pool_id, number, phase, starts_at, ends_at, bundle_hash) values ('main', 2, 2, '2026-01-12', '2026-01-19', '\x02');
            insert into participants (pool_id, address, state, joined_at, payout_address, min_payout, stake, required_stake, gpus, reputation)
                values ('main', '{Store.Participant(1)}', 'Active', '2026-01-06', '{Store.Participant(1)}', 1, 0, 0, 0, 500);
            insert into slashes (pool_id, id, participant, offence, evidence, rate_bps, amount, opened_at, state, ruling, ended_at)
                values ('main', 'ab', '{Store.Participant(1)}', 3, 'e', 2500, 5, '2026-01-07', 2, 'r', '2026-01-10');
            insert into webhooks (pool_id, id, url, events, secret, created_by, created_at) values ('main', '{told}', 'https://x.example/', array['epoch_finalized'], '\x00', 'x', now());
            insert into webhook_deliveries (pool_id, webhook_id, event_key, event, data, happened_at, next_at, finished_at, last_outcome)
                values ('main', '{told}', 'epoch_finalized/1', 'epoch_finalized', '', now(), now(), now(), '200');
            """);
        await migrator.Up();

        var webhooks = new WebhookStore(store.Get<NpgsqlDataSource>(), store.Get<EventJournal>(), TimeProvider.System);
        await webhooks.NoteWhatHappened(Store.PoolId);
        (await Keys(store)).ShouldBe(["epoch_finalized/1", "epoch_finalized/2"], "the second was not told yet");
        (await store.Get<EventJournal>().After(Store.PoolId, 0, 100)).Select(e => e.Id).ShouldBe(
        [
            $"participant/{Store.Participant(1)}/registered", "slash/ab/opened", "slash/ab/final", "epoch_finalized/1", "reward_distributed/1", "epoch_finalized/2",
        ]);

        while ((await migrator.Down())!.Version > EventsInOrder)
        {
        }

        (await Keys(store)).ShouldBe(["epoch_finalized/1", "epoch_finalized/2"], "taken back, nothing is told anew");
        await migrator.Up();
        await webhooks.NoteWhatHappened(Store.PoolId);
        (await Keys(store)).ShouldBe(["epoch_finalized/1", "epoch_finalized/2"]);
    }

    private static async Task Execute(Store store, string sql)
    {
        await using var command = store.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> Keys(Store store)
    {
        await using var command = store.Get<NpgsqlDataSource>().CreateCommand("select event_key from webhook_deliveries order by 1");
        await using var reader = await command.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await reader.ReadAsync())
            keys.Add(reader.GetString(0));
        return keys;
    }
}
