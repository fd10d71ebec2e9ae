using CocoonPool.Adapters.Postgres.Settlement;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;
using Npgsql;

namespace CocoonPool.Grains.Tests.Settlement;

/// <summary>Payments become lines of the right epoch, once each, however the pages come and whenever they are read.</summary>
public sealed class RevenueTests : IAsyncLifetime
{
    private PoolHost _host = null!;

    private ChainModel Chain => _host.Chain;

    private DateTimeOffset Now => _host.Time.GetUtcNow();

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Pages_DoubledReorderedAndMixedWithOldOnes_BookEachPaymentOnce()
    {
        var all = new List<IncomingPayment>();
        Chain.Pages = page =>
        {
            all.AddRange(page);
            return [.. all.Concat(page).OrderBy(p => p.LogicalTime * 7919 % 13)];
        };
        for (var i = 1; i <= 9; i++)
        {
            Pay(i, Now);
            if (i % 3 == 0)
                await Sweep();
        }
        Chain.Pages = page => page;
        await _host.Restart();
        await Sweep();

        (await RevenueOf(1)).ShouldBe(Nanotons.FromTon(45));
        (await _host.Get<ILedgerStore>().Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
    }

    [Fact]
    public async Task PaymentALittleAheadOfThePoolsClock_WaitsForTheEpochOfItsOwnTime()
    {
        var first = (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!;
        _host.Time.Advance(first.End.AddSeconds(-10) - Now);
        Pay(1, first.End.AddSeconds(-20));
        Pay(2, first.End.AddSeconds(5));
        await Sweep();
        await Sweep();
        (await RevenueOf(1)).ShouldBe(Nanotons.FromTon(1));

        _host.Time.Advance(TimeSpan.FromSeconds(20));
        await Sweep();
        (await RevenueOf(2)).ShouldBe(Nanotons.FromTon(2));
    }

    [Fact]
    public async Task PaymentFarAheadOfThePoolsClock_CountsNow_HoldsUpNobody_AndOpensNoEpochs()
    {
        Pay(2, Now.AddDays(15));
        Pay(4, Now.AddDays(15));
        await Sweep();

        (await RevenueOf(1)).ShouldBe(Nanotons.FromTon(6));
        (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(2))).ShouldBeNull();
    }

    [Fact]
    public async Task PaymentOfTheFarPast_CountsInTheOldestOpenEpoch()
    {
        Pay(3, DateTimeOffset.UnixEpoch);
        await Sweep();
        (await RevenueOf(1)).ShouldBe(Nanotons.FromTon(3));
    }

    [Fact]
    public async Task DaysOfDowntime_DoNotMoveAPaymentIntoALaterEpoch()
    {
        var first = (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!;
        Chain.Unreachable = true;
        Pay(5, first.End.AddMinutes(-1));
        Pay(7, first.End.AddMinutes(1));
        _host.Time.Advance(first.End.AddDays(3) - Now);
        (await _host.Pool.FinalizeEpoch(new(Early: false, DryRun: false))).Refusal.ShouldBe("chain_unreachable");
        await _host.Restart();

        Chain.Unreachable = false;
        await _host.Pool.FinalizeEpoch(new(Early: false, DryRun: false));
        await Eventually.Holds(async () => (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!.Phase >= EpochState.Finalized, "the first epoch is closed");
        (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!.Revenue.ShouldBe(Nanotons.FromTon(5));
    }

    [Fact]
    public async Task ForwardedPayout_IsKeptWithItsWorkerAndQueryId()
    {
        var (vault, worker) = (new TonAddress(0, [.. Enumerable.Repeat((byte)0x7a, 32)]), new string('b', 64));
        Chain.Deposit(vault, ChainModel.Distribution, Nanotons.FromTon(2), Now, null, new(worker, ulong.MaxValue, true, ChainModel.Customer));
        await Sweep();
        await Sweep();

        (await RevenueOf(1)).ShouldBe(Nanotons.FromTon(2));
        await using var command = _host.Get<NpgsqlDataSource>().CreateCommand("select string_agg(worker || ' ' || query_id || ' ' || amount || ' ' || epoch || ' ' || cocoon_payout, ',') from vault_payments");
        (await command.ExecuteScalarAsync()).ShouldBe($"{worker} 18446744073709551615 2000000000 1 true");

        var vaults = _host.Get<VaultPayments>();
        var (page, total) = await vaults.List(PoolHost.PoolId, worker, 0, 10, TestContext.Current.CancellationToken);
        (total, page.Single().QueryId, page.Single().PaidBy, page.Single().Amount).ShouldBe((1, "18446744073709551615", ChainModel.Customer, Nanotons.FromTon(2)));
        (await vaults.List(PoolHost.PoolId, null, 1, 10, TestContext.Current.CancellationToken)).Page.ShouldBeEmpty("there is one");
        (await vaults.List(PoolHost.PoolId, new string('c', 64), 0, 10, TestContext.Current.CancellationToken)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task TopUps_OfEveryWalletThatWasTheOperators_AreNoRevenue()
    {
        var (second, third) = (Wallet(0x0c), Wallet(0x0d));
        TopUp(ChainModel.Operator);
        await Sweep();
        Chain.Wallet = Chain.Obeyed = second;
        TopUp(second);
        await Sweep();

        // What the first two sent before they were put away is read only after the third has taken over.
        TopUp(ChainModel.Operator);
        TopUp(second);
        Chain.Wallet = Chain.Obeyed = third;
        TopUp(third);
        Chain.Deposit(Wallet(0x7a), ChainModel.Distribution, Nanotons.FromTon(9), Now, null, new(new string('b', 64), 0, false, third));
        await _host.Restart();
        await Sweep();
        (await RevenueOf(1)).ShouldBe(Nanotons.Zero);

        Pay(2, Now);
        await Sweep();
        (await RevenueOf(1)).ShouldBe(Nanotons.FromTon(2));
    }

    private void TopUp(TonAddress wallet) => Chain.Deposit(wallet, ChainModel.Distribution, Nanotons.FromTon(5), Now, null);

    private static TonAddress Wallet(byte number) => new(0, [.. Enumerable.Repeat(number, 32)]);

    private void Pay(long ton, DateTimeOffset at) => Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(ton), at);

    private Task<int> Sweep() => _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();

    private async Task<Nanotons> RevenueOf(int epoch) => (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Revenue(new(epoch)))).Balance;
}
