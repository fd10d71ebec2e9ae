using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;
using Npgsql;

namespace CocoonPool.Grains.Tests.Epochs;

/// <summary>Closings that take longer than any call waits: here the database keeps the place of the bundle from them for as long as the test wants.</summary>
public sealed class LongClosingTests : IAsyncLifetime
{
    private PoolHost _host = null!;
    private Member _member = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PoolHost.Start();
        _member = await Member.Join(_host, 1);
        await _member.Contribute("task-1", 10);
        await _member.StayOnline(1);
        _host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(10), _host.Time.GetUtcNow());
        await _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
    }

    public async ValueTask DisposeAsync()
    {
        _member.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Close_WhenItTakesLongerThanACallWaits_GoesOn_AndThePoolAnswersMeanwhile()
    {
        await using var hold = await HoldBundles();
        var asked = _host.Pool.FinalizeEpoch(new(Early: true, DryRun: false));
        await hold.Waiting(1);

        await WhileTimePasses(asked);
        (await asked).Value.ShouldNotBeNull().Finished.ShouldBeFalse("nobody waits for a closing of minutes");
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        var paused = _host.Pool.Pause("somebody must be able to");
        await WhileTimePasses(paused);
        (await paused).Accepted.ShouldBeTrue();
        (await Epoch()).Phase.ShouldBe(EpochState.Closing);
        await hold.DisposeAsync();

        await Eventually.Holds(async () => (await Epoch()).Phase >= EpochState.Finalized, "the end of the closing, with nobody asking for it");
        (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.OperatorFees)).Balance.ShouldBe(new(500_000_000));
    }

    [Fact]
    public async Task Close_WhenManyAskMeanwhile_IsOneClosing()
    {
        await using var hold = await HoldBundles();
        var end = _host.Time.GetUtcNow();
        var grain = _host.Grains.GetGrain<IEpochGrain>(GrainKeys.Epoch(PoolHost.PoolId, new(1)));
        var asked = Enumerable.Range(0, 5).Select(_ => grain.Close(end)).ToList();
        await hold.Waiting(1);
        await hold.DisposeAsync();

        var answers = await Task.WhenAll(asked);

        answers.ShouldAllBe(answer => answer.Accepted && answer.Value!.Finished);
        answers.Select(answer => answer.Value!.BundleHash).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem().ShouldNotBeEmpty();
        (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.OperatorFees)).Balance.ShouldBe(new(500_000_000));
    }

    private async Task<EpochDescription> Epoch() => (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!;

    /// <summary>Time passes no faster than the engine works: each step waits for a call that reads the database, as the calendar's ticks do.</summary>
    private Task WhileTimePasses(Task task) => Eventually.Holds(
        async () =>
        {
            _host.Time.Advance(TimeSpan.FromMilliseconds(100));
            await _host.Grains.GetGrain<IEpochGrain>(GrainKeys.Epoch(PoolHost.PoolId, new(1))).Describe();
            return task.IsCompleted;
        },
        "an answer");

    private async Task<BundleHold> HoldBundles()
    {
        var database = _host.Get<NpgsqlDataSource>();
        var connection = await database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table epoch_bundles in exclusive mode", connection, transaction);
        await command.ExecuteNonQueryAsync();
        return new(database, connection, transaction);
    }

    private sealed class BundleHold(NpgsqlDataSource database, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        /// <summary>Waits until at least so many transactions wait for it.</summary>
        public Task Waiting(int count) => Eventually.Holds(
            async () =>
            {
                await using var command = database.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
                return (long)(await command.ExecuteScalarAsync())! >= count;
            },
            "a closing that waits for the place of its bundle");

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
