using CocoonPool.Grains.Contributions;
using CocoonPool.TestKit;

namespace CocoonPool.Grains.Tests.Contributions;

/// <summary>Contributions into the database: once each, in the right epoch, and the tallies with them.</summary>
public sealed class IntakeTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = Store.Monday.AddHours(12);

    private Store _store = null!;

    public async ValueTask InitializeAsync() => _store = await Store.Create(time: new ManualTimeProvider());

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Record_InOneBatch_JudgesEachByItself()
    {
        await _store.Record(Store.Task("known", Noon));

        var results = await _store.Contributions.Record(Store.PoolId,
            [Store.Task("new", Noon), Store.Task("known", Noon), Store.Task("new", Noon), Store.Task("new", Noon, tokens: 11), Store.Task("known", Noon, tokens: 11)]);

        results.ShouldBe([ContributionResult.Recorded, ContributionResult.Duplicate, ContributionResult.Duplicate, ContributionResult.Conflict, ContributionResult.Conflict]);
        (await _store.Tallies(1)).Single().Tally.Tasks.ShouldBe(2);
    }

    [Fact]
    public async Task Record_WhenManyCallersSendTheSameReceipts_RecordsEachOnce()
    {
        // Two hosts, as two silos of a cluster, and batches that overlap in another order each.
        await using var other = Store.Open(_store.Connection);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(caller => Task.Run(() =>
            (caller % 2 == 0 ? _store : other).Contributions.Record(
                Store.PoolId, [.. Enumerable.Range(0, 50).Select(i => Store.Task($"task-{(i * (caller % 7 + 1) + caller) % 97}", Noon)).DistinctBy(c => c.Receipt.TaskId)]))));

        var tasks = answers.SelectMany(a => a).Count(result => result == ContributionResult.Recorded);
        tasks.ShouldBe(97);
        answers.SelectMany(a => a).ShouldNotContain(ContributionResult.Conflict);
        (await _store.Tallies(1)).Single().Tally.Tasks.ShouldBe(97);
        (await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Record_WhenTheReceiptComesAgainInAnotherMonthAndEpoch_IsStillADuplicate()
    {
        var contribution = Store.Task("task-1", Store.Monday.AddDays(6));
        await _store.Record(contribution);
        await Close(1, Store.Monday.AddDays(7));

        (await _store.Record(contribution with { ArrivedAt = Store.Monday.AddDays(40) })).ShouldBe(ContributionResult.Duplicate);
        (await _store.Record(Store.Task("task-1", Store.Monday.AddDays(6), tokens: 99, arrivedAt: Store.Monday.AddDays(40)))).ShouldBe(ContributionResult.Conflict);
        (await _store.Record(Store.Task("task-2", Store.Monday.AddDays(30)))).ShouldBe(ContributionResult.Recorded);

        (await _store.Archive.Months()).Select(month => month.Month.Month).ShouldContain(2);
    }

    [Fact]
    public async Task Record_AfterTheGrace_CountsInTheEpochOfItsArrivalAsLate()
    {
        await _store.Record(Store.Task("running", Store.Monday.AddDays(7).AddHours(1)));
        await Close(1, Store.Monday.AddDays(7));

        await _store.Record(Store.Task("late", Store.Monday.AddDays(6), arrivedAt: Store.Monday.AddDays(7).AddHours(2)));

        (await _store.Tallies(1)).ShouldBeEmpty();
        (await _store.Tallies(2)).Single().Tally.Tasks.ShouldBe(2);
        (await _store.Contributions.Receipts(Store.PoolId, Store.Participant(1), 10)).Where(r => r.Late).Select(r => r.Task.Value).ShouldBe(["late"]);
    }

    [Fact]
    public async Task Record_WithinTheGrace_CountsInItsEpoch_WhileTheNextOneRunsAlready()
    {
        await _store.Record(Store.Task("next", Store.Monday.AddDays(7).AddMinutes(1)));
        await _store.Record(Store.Task("in-grace", Store.Monday.AddDays(7).AddMinutes(-1), arrivedAt: Store.Monday.AddDays(7).AddMinutes(14)));

        (await _store.Tallies(1)).Single().Tally.Tasks.ShouldBe(1);
        (await _store.Tallies(2)).Single().Tally.Tasks.ShouldBe(1);
    }

    [Fact]
    public async Task Record_WhileAnEpochCloses_LosesNothingAndAddsNothingToTheClosedOne()
    {
        var end = Store.Monday.AddDays(7);
        var closed = new TaskCompletionSource();
        var senders = Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; !closed.Task.IsCompleted || i < 20; i++)
                (await _store.Record(Store.Task($"task-{sender}-{i}", i % 2 == 0 ? end.AddSeconds(-2) : end.AddSeconds(2), arrivedAt: end.AddMinutes(16)))).ShouldBe(ContributionResult.Recorded);
        })).ToArray();

        await _store.Record(Store.Task("first", end.AddSeconds(-3)));
        await Close(1, end);
        var atClosing = await _store.Tallies(1);
        closed.SetResult();
        await Task.WhenAll(senders);

        (await _store.Tallies(1)).ShouldBe(atClosing);
        (await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
        (await _store.Contributions.CompareTallies(Store.PoolId, new(2), repair: false)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rebuild_WhenTalliesWereDamaged_NamesEachFigureAndRepairsThemWhileTheEpochIsOpen()
    {
        await _store.Record(Store.Task("task-1", Noon));
        await _store.Record(Store.Task("task-2", Noon, participant: 2));
        await _store.Contributions.RecordUptime(Store.PoolId, Store.Uptime(Noon, Noon.AddSeconds(30), gpus: 8));
        await _store.Execute("update epoch_tallies set tasks = 7 where participant like '0:01%'; delete from epoch_tallies where participant like '0:02%'");

        var found = await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false);
        var repaired = await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: true);

        found.Single(d => d.Participant == Store.Participant(1)).ShouldBe(new(Store.Participant(1), "tasks", 7, 1));
        found.Where(d => d.Participant == Store.Participant(2)).Select(d => d.Figure)
            .ShouldBe(["adjusted_tokens", "tasks", "quality_tokens", "prompt_tokens", "completion_tokens"]);
        repaired.ShouldBe(found);
        (await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
        (await _store.GpuMilliseconds(1)).ShouldBe(240_000);
    }

    [Fact]
    public async Task Rebuild_OfAClosedEpoch_ChangesNothing()
    {
        await _store.Record(Store.Task("task-1", Noon));
        await Close(1, Store.Monday.AddDays(7));
        await _store.Execute("update epoch_tallies set tasks = 7");

        (await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: true)).ShouldHaveSingleItem();

        (await _store.Tallies(1)).Single().Tally.Tasks.ShouldBe(7);
    }

    [Fact]
    public async Task Retire_DetachesMonthsOfPaidEpochs_AndRefusesTheirReceiptsFromThenOn()
    {
        var old = Store.Task("old", Noon);
        await _store.Record(old);
        await _store.Record(Store.Task("young", Store.Monday.AddDays(40)));
        var unpaid = await _store.Archive.Retire(Store.Monday.AddDays(90));
        await _store.Execute("update epochs set phase = 4 where number < 3");

        var paid = await _store.Archive.Retire(Store.Monday.AddDays(90));

        unpaid.ShouldBe(new Retirement([], "contributions_2026_01: epoch_unsettled"), Same);
        paid.ShouldBe(new Retirement(["retired_contributions_2026_01"], "contributions_2026_02: epoch_unsettled"), Same);
        (await _store.Record(old)).ShouldBe(ContributionResult.Expired);
        (await _store.Record(Store.Task("never-seen", Noon))).ShouldBe(ContributionResult.Expired);
        (await _store.Record(Store.Task("young", Store.Monday.AddDays(40)))).ShouldBe(ContributionResult.Duplicate);
    }

    private static readonly IEqualityComparer<Retirement> Same =
        EqualityComparer<Retirement>.Create((a, b) => a!.Kept == b!.Kept && a.Retired.SequenceEqual(b.Retired));

    private Task Close(int epoch, DateTimeOffset end) => _store.Epochs.BeginClosing(Store.PoolId, new(epoch), end);
}
