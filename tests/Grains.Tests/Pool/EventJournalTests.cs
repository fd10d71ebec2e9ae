using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Tests.Contributions;
using Npgsql;

namespace CocoonPool.Grains.Tests.Pool;

/// <summary>The order of the journal: whoever read up to a position has passed over nothing, whatever was committed when.</summary>
public sealed class EventJournalTests : IAsyncLifetime
{
    private Store _store = null!;

    private EventJournal Journal => _store.Get<EventJournal>();

    public async ValueTask InitializeAsync() => _store = await Store.Create();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Event_WhoseTransactionTookLonger_ComesAfterTheOnesThatWereTold()
    {
        await using var connection = await _store.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using var slow = await connection.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand($"insert into pool_events (pool_id, id, at, type, data) values ('{Store.PoolId}', 'slow', now(), 'maintenance_ended', '{{}}')", connection, slow))
            await insert.ExecuteNonQueryAsync();
        await Tell("fast");

        var head = await Journal.Head(Store.PoolId);
        (await Ids(0)).ShouldBe(["fast"]);
        await slow.CommitAsync();

        (await Journal.Head(Store.PoolId)).ShouldBe(head + 1);
        (await Ids(head)).ShouldBe(["slow"]);
    }

    [Fact]
    public async Task Lookers_OnSeveralServersAtOnce_SeeOneOrderWithoutGaps()
    {
        const int Writers = 4, Each = 50;
        await using var other = Store.Open(_store.Connection);
        var lookers = ((EventJournal[])[Journal, other.Get<EventJournal>()]).Select(journal => Follow(journal, Writers * Each)).ToList();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++)
                await Tell($"{writer}/{i}");
        }));
        var seen = await Task.WhenAll(lookers);

        seen[0].ShouldBe(seen[1]);
        seen[0].Select(e => e.Position).ShouldBe(Enumerable.Range(1, Writers * Each).Select(i => (long)i));
        seen[0].Select(e => e.Id).Distinct().Count().ShouldBe(Writers * Each);
        for (var writer = 0; writer < Writers; writer++)
            seen[0].Where(e => e.Id.StartsWith($"{writer}/", StringComparison.Ordinal)).Select(e => e.Id).ShouldBe(Enumerable.Range(0, Each).Select(i => $"{writer}/{i}"), "what one writer told comes as it was told");
    }

    [Fact]
    public async Task Event_ToldAgain_IsOne_AndAnotherPoolsOrderIsItsOwn()
    {
        await Tell("twice");
        await Tell("twice");
        await _store.Get<IPoolEvents>().Append("other", new("elsewhere", Store.Monday, "maintenance_ended", null, "{}"));

        (await Journal.Head(Store.PoolId)).ShouldBe(1);
        (await Journal.Head("other")).ShouldBe(1);
        (await Ids(0)).ShouldBe(["twice"]);
        (await Journal.Head("none")).ShouldBe(0);
    }

    [Fact]
    public async Task Event_AboutAParticipant_SaysWhomItConcerns()
    {
        await _store.Get<IPoolEvents>().Append(Store.PoolId, new("one", Store.Monday, "slash_opened", Store.Participant(1), """{"id":"s"}"""));
        await Journal.Head(Store.PoolId);

        var told = (await Journal.After(Store.PoolId, 0, 10)).Single();

        (told.Event, told.At, told.Participant).ShouldBe(("slash_opened", Store.Monday, Store.Participant(1)));
        System.Text.Json.JsonDocument.Parse(told.Data).RootElement.GetProperty("participant_address").GetString().ShouldBe(Store.Participant(1).ToString());
    }

    [Fact]
    public async Task Event_OfAKindThatNobodyCouldAskFor_IsNotTaken() =>
        await Should.ThrowAsync<ArgumentException>(() => _store.Get<IPoolEvents>().Append(Store.PoolId, new("one", Store.Monday, "slash_opened", null, "{}")));

    private static async Task<List<(long Position, string Id)>> Follow(EventJournal journal, int until)
    {
        var seen = new List<(long, string)>();
        while (seen.Count < until)
        {
            await journal.Head(Store.PoolId, TestContext.Current.CancellationToken);
            seen.AddRange((await journal.After(Store.PoolId, seen.Count == 0 ? 0 : seen[^1].Item1, 7, TestContext.Current.CancellationToken)).Select(e => (e.Position, e.Id)));
        }
        return seen;
    }

    private Task Tell(string id) => _store.Get<IPoolEvents>().Append(Store.PoolId, new(id, Store.Monday, "maintenance_ended", null, "{}"));

    private async Task<IEnumerable<string>> Ids(long after) => (await Journal.After(Store.PoolId, after, 100)).Select(e => e.Id);
}
