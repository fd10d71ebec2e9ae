using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Grains.Tests.Contributions;
using CocoonPool.TestKit;
using Npgsql;

namespace CocoonPool.Grains.Tests.Pool;

public sealed class StatisticsTests
{
    [Fact]
    public async Task Figures_StandForTwoSeconds_AndAreThenReadAgain()
    {
        await using var store = await Store.Create();
        var time = new ManualTimeProvider(Store.Monday.AddHours(1));
        using var statistics = new PoolStatistics(store.Get<NpgsqlDataSource>(), time);
        await store.Record(Store.Task("task-1", Store.Monday));
        (await statistics.Read(Store.PoolId)).Requests.ShouldBe(1);
        await store.Record(Store.Task("task-2", Store.Monday));

        (await statistics.Read(Store.PoolId)).Requests.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(2));

        (await statistics.Read(Store.PoolId)).Requests.ShouldBe(2);
    }

    [Theory]
    [InlineData(5, 2_000)]
    [InlineData(1_500, 30_000)]
    [InlineData(60_000, 300_000)]
    public void Figures_ThatTookLongToRead_StandTwentyTimesAsLong(int readingMilliseconds, int keptMilliseconds) =>
        PoolStatistics.KeptAfter(TimeSpan.FromMilliseconds(readingMilliseconds)).ShouldBe(TimeSpan.FromMilliseconds(keptMilliseconds));
}
