using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;
using Npgsql;

namespace CocoonPool.Grains.Tests.Settlement;

public sealed class SeveralEpochsTests : IAsyncLifetime
{
    private PayingPool _pool = null!;

    private PoolHost Host => _pool.Host;

    public async ValueTask InitializeAsync() => _pool = await PayingPool.Start();

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Settle_WhenTwoEpochsWaitForMoney_AlertsOnceAndPaysBothInOrderAfterATopUp()
    {
        await _pool.CloseEpoch();
        Host.Chain.Drain(Nanotons.FromTon(25));
        await LookAtBoth();
        Host.Chain.Drain(Nanotons.FromTon(30));
        await _pool.CloseEpoch();
        await LookAtBoth();
        await LookAtBoth();

        var waiting = await Host.Settlement(1).Describe();
        (waiting.Phase, waiting.Alert).ShouldBe(("paying", SettlementTrouble.Underfunded));
        (await Host.Settlement(2).Describe()).Phase.ShouldBe("planned", "money is reserved for it and nothing is signed");
        Host.Chain.Signatures.ShouldBe(0, "a message that the contract must refuse costs fees");
        (await Events("settlement_underfunded")).ShouldBe(1, "told once, however long it lasts");
        (await _pool.Store.Figures(PoolHost.PoolId)).Alerts.ShouldBe(1);

        Host.Chain.Deposit(ChainModel.Operator, ChainModel.Distribution, Nanotons.FromTon(55), Host.Time.GetUtcNow());
        await LookAtBoth(20);

        Host.Chain.SignedFor.ShouldBe(["open/1", "pay/1/0", "pay/1/1", "open/2", "pay/2/0", "pay/2/1"]);
        await _pool.AssertEverybodyPaidOnce(2);
        (await Host.Settlement(1).Describe()).Alert.ShouldBeNull();
        (await _pool.Store.Figures(PoolHost.PoolId)).Alerts.ShouldBe(0);
    }

    [Fact]
    public async Task Settle_WhenTheFirstOfTwoEpochsIsFrozen_PaysBothInOrderOnceItIsResumed()
    {
        await _pool.CloseEpoch();
        (await Host.Settlement(1).Freeze("audit")).Accepted.ShouldBeTrue();
        await _pool.CloseEpoch();
        await LookAtBoth();
        Host.Chain.Signatures.ShouldBe(0);

        await Host.Restart();
        await Host.Settlement(1).Resume();
        await LookAtBoth(20);

        await _pool.AssertEverybodyPaidOnce(2);
        (await Events("epoch_finalized"), await Events("reward_distributed")).ShouldBe((2, 2));
    }

    private async Task LookAtBoth(int times = 4)
    {
        for (var i = 0; i < times; i++)
        {
            await _pool.Advance(2);
            await _pool.Advance(1);
        }
    }

    private async Task<int> Events(string type)
    {
        await using var command = Host.Get<NpgsqlDataSource>().CreateCommand("select count(*)::integer from happened where pool_id = 'main' and event = $1");
        command.Parameters.AddWithValue(type);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
