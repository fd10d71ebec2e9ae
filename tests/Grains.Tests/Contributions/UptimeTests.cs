using CocoonPool.TestKit;

namespace CocoonPool.Grains.Tests.Contributions;

/// <summary>Uptime into the database: no millisecond twice, whoever tells it and however often, and each in its epoch.</summary>
public sealed class UptimeTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = Store.Monday.AddHours(12);

    private Store _store = null!;

    public async ValueTask InitializeAsync() => _store = await Store.Create(time: new ManualTimeProvider());

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Uptime_AcrossTheEndOfAnEpoch_IsSplitThere()
    {
        var end = Store.Monday.AddDays(7);

        await Credit(end.AddSeconds(-20), end.AddSeconds(10), gpus: 8);

        (await _store.GpuMilliseconds(1)).ShouldBe(160_000);
        (await _store.GpuMilliseconds(2)).ShouldBe(80_000);
        await TalliesAreWhatTheSpansMake();
    }

    [Fact]
    public async Task Uptime_OfAnEpochThatWasClosedMeanwhile_CountsInTheNextOne()
    {
        var end = Store.Monday.AddDays(7);
        await _store.Epochs.BeginClosing(Store.PoolId, new(1), end);

        await Credit(end.AddSeconds(-20), end.AddSeconds(10));

        (await _store.GpuMilliseconds(1)).ShouldBe(0);
        (await _store.GpuMilliseconds(2)).ShouldBe(30_000);
    }

    [Fact]
    public async Task Uptime_ToldTwiceOrOverlapping_CountsOnce()
    {
        await Credit(Noon, Noon.AddSeconds(30));
        await Credit(Noon, Noon.AddSeconds(30));
        await Credit(Noon.AddSeconds(10), Noon.AddSeconds(20));

        // A silo whose clock is ahead of the one that the worker moved to: only what lies beyond counts.
        await Credit(Noon.AddSeconds(25), Noon.AddSeconds(40));

        (await _store.GpuMilliseconds(1)).ShouldBe(40_000);
        await TalliesAreWhatTheSpansMake();
    }

    [Fact]
    public async Task Uptime_ToldByTwoSilosAtOnce_CountsOnce()
    {
        await using var other = Store.Open(_store.Connection);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? _store : other).Contributions.RecordUptime(
            Store.PoolId, Store.Uptime(Noon, Noon.AddSeconds(30))))));

        (await _store.GpuMilliseconds(1)).ShouldBe(30_000);
    }

    [Fact]
    public async Task Uptime_WithGapsAndOtherGpus_IsKeptAsSpansThatAddUp()
    {
        await Credit(Noon, Noon.AddSeconds(30), gpus: 8);
        await Credit(Noon.AddSeconds(30), Noon.AddSeconds(60), gpus: 8);
        await Credit(Noon.AddSeconds(60), Noon.AddSeconds(90), gpus: 4);
        await Credit(Noon.AddSeconds(300), Noon.AddSeconds(330), gpus: 4);

        (await _store.GpuMilliseconds(1)).ShouldBe(720_000);
        await TalliesAreWhatTheSpansMake();
        await _store.Execute("update epoch_tallies set gpu_milliseconds = 0");
        (await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: true)).ShouldHaveSingleItem();
        (await _store.GpuMilliseconds(1)).ShouldBe(720_000);
    }

    private Task Credit(DateTimeOffset from, DateTimeOffset to, int gpus = 1) =>
        _store.Contributions.RecordUptime(Store.PoolId, Store.Uptime(from, to, gpus));

    private async Task TalliesAreWhatTheSpansMake()
    {
        (await _store.Contributions.CompareTallies(Store.PoolId, new(1), repair: false)).ShouldBeEmpty();
        (await _store.Contributions.CompareTallies(Store.PoolId, new(2), repair: false)).ShouldBeEmpty();
    }
}
