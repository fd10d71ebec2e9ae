using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Settlement;

public sealed class WalletRotationTests : IAsyncLifetime
{
    private static readonly TonAddress NewWallet = new(0, [.. Enumerable.Repeat((byte)0x0c, 32)]);

    private PayingPool _pool = null!;

    private PoolHost Host => _pool.Host;

    public async ValueTask InitializeAsync() => _pool = await PayingPool.Start();

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Sign_AfterTheWalletChanged_WaitsUntilTheOldWalletsSignatureIsDead()
    {
        await _pool.CloseEpoch();
        Host.Chain.DropBroadcasts = true;
        await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(1);
        Rotate();

        // Its deadline is 60 seconds away, and what it sent at the last moment has 30 more to arrive.
        foreach (var seconds in new[] { 0, 60, 30 })
        {
            Host.Chain.Time += seconds;
            await Host.Restart();
            await _pool.Advance();
            Host.Chain.Signatures.ShouldBe(1, $"{seconds} seconds on, the old signature may still have an effect");
        }
        Host.Chain.Time += 1;
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.MostLiveSignatures.ShouldBe(1);
    }

    [Fact]
    public async Task Sign_AfterTheOldWalletsMessageLanded_FindsTheBatchPaidAndSignsOnlyTheRest()
    {
        await _pool.CloseEpoch();
        Host.Chain.HoldDelivery = true;
        await _pool.Advance();
        Host.Chain.Deliver();
        Rotate();
        Host.Chain.HoldDelivery = false;
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.SignedFor.ShouldBe(["open/1", "pay/1/0", "pay/1/1"]);
    }

    [Fact]
    public async Task Sign_WhileTheContractObeysAnotherWallet_SignsNothingAndGoesOnOnceItDoes()
    {
        await _pool.CloseEpoch();
        Host.Chain.Wallet = NewWallet;
        await _pool.Advance();
        await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(0);
        (await Host.Settlement(1).Describe()).Alert.ShouldBe(SettlementTrouble.OperatorReplaced);

        Host.Chain.Obeyed = NewWallet;
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        (await Host.Settlement(1).Describe()).Alert.ShouldBeNull();
    }

    private void Rotate()
    {
        Host.Chain.Wallet = NewWallet;
        Host.Chain.Obeyed = NewWallet;
        Host.Chain.DropBroadcasts = false;
    }
}
