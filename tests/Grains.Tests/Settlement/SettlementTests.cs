using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Settlement;

public sealed class SettlementTests : IAsyncLifetime
{
    private PayingPool _pool = null!;

    private PoolHost Host => _pool.Host;

    public async ValueTask InitializeAsync() => _pool = await PayingPool.Start();

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Settle_WhenNothingGoesWrong_PaysEveryShareOnce()
    {
        await _pool.CloseEpoch();

        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        (await Host.Settlement(1).Describe()).Phase.ShouldBe("settled");
        Host.Chain.Signatures.ShouldBe(3, "one to open the epoch and one per batch");
    }

    [Fact]
    public async Task Settle_WhenTheEpochOwesNobody_SettlesItSoThatLaterOnesCanPay()
    {
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        (await Host.Pool.FinalizeEpoch(new(true, false))).Accepted.ShouldBeTrue();

        await _pool.Advance();

        (await Host.Settlement(1).Describe()).Phase.ShouldBe("settled");
        Host.Chain.Signatures.ShouldBe(0, "there is nothing to sign");
    }

    [Fact]
    public async Task Settle_WhenTheReplyToABroadcastIsLost_FindsTheBatchPaidAndSignsNothingNew()
    {
        await _pool.CloseEpoch();
        Host.Chain.LoseNextReply = true;

        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.Signatures.ShouldBe(3);
    }

    [Fact]
    public async Task Settle_WhenTheMessageNeverArrives_SendsTheSameBytesAgainUntilItsDeadline()
    {
        await _pool.CloseEpoch();
        Host.Chain.DropBroadcasts = true;
        for (var i = 0; i < 5; i++)
            await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(1);
        Host.Chain.Broadcasts.ShouldBeGreaterThanOrEqualTo(4);

        Host.Chain.DropBroadcasts = false;
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.MostLiveSignatures.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_WhenAMessageExpires_SignsANewOneOnlyAfterTheChainPassedItsDeadline()
    {
        await _pool.CloseEpoch();
        Host.Chain.DropBroadcasts = true;
        await _pool.Advance();
        await _pool.Advance();
        Host.Chain.Time += 59;
        await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(1, "the first message may still land");
        Host.Chain.Time += 2;
        await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(2);

        Host.Chain.DropBroadcasts = false;
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.MostLiveSignatures.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_WhenOnlyTheContractsBlockIsPastTheDeadline_TakesTheMessageForAlive()
    {
        await _pool.CloseEpoch();
        Host.Chain.DropBroadcasts = true;
        await _pool.Advance();
        Host.Chain.StaleWallet = await Host.Chain.Signer();
        Host.Chain.Time += 61;
        await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(1, "between the two blocks the wallet may have taken it");

        Host.Chain.StaleWallet = null;
        Host.Chain.DropBroadcasts = false;
        await _pool.Settle();
        await _pool.AssertEverybodyPaidOnce();
    }

    [Fact]
    public async Task Settle_WhenTheHostDiesBetweenBroadcastAndConfirmation_PaysOnceAfterItsRestart()
    {
        await _pool.CloseEpoch();
        Host.Chain.HoldDelivery = true;
        for (var i = 0; i < 3; i++)
            await _pool.Advance();

        await Host.Restart();
        await _pool.Advance();
        Host.Chain.Deliver();
        Host.Chain.HoldDelivery = false;
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.Signatures.ShouldBe(3);
    }

    [Fact]
    public async Task Settle_WhenTheHostDiesAfterEveryStep_PaysOnce()
    {
        await _pool.CloseEpoch();

        for (var i = 0; i < 12 && (await Host.Settlement(1).Describe()).Phase != "settled"; i++)
        {
            await _pool.Advance();
            await Host.Restart();
        }

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.Signatures.ShouldBe(3);
    }

    [Fact]
    public async Task Settle_WhenTheContractIsUnderfunded_SaysSoAndGoesOnAfterATopUp()
    {
        await _pool.CloseEpoch();
        Host.Chain.Drain(Nanotons.FromTon(25));
        for (var i = 0; i < 6; i++)
            await _pool.Advance();
        (await Host.Settlement(1).Describe()).Trouble.ShouldNotBeNull().ShouldContain("does not hold enough");
        var signatures = Host.Chain.Signatures;
        await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(signatures, "the next attempt waits");

        Host.Chain.Deposit(ChainModel.Operator, ChainModel.Distribution, Nanotons.FromTon(25), Host.Time.GetUtcNow());
        Host.Time.Advance(TimeSpan.FromSeconds(21));
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        (await Host.Settlement(1).Describe()).Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task Settle_WhenFrozen_SignsNothingUntilResumed()
    {
        await _pool.CloseEpoch();
        (await Host.Settlement(1).Freeze("audit")).Accepted.ShouldBeTrue();
        await Host.Restart();
        await _pool.Advance();
        await _pool.Advance();
        Host.Chain.Signatures.ShouldBe(0);

        await Host.Settlement(1).Resume();
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
    }

    [Fact]
    public async Task Settle_WhenAskedToBeginTwice_PlansOnce()
    {
        await _pool.CloseEpoch();
        var planned = await Host.Settlement(1).Describe();

        await Host.Settlement(1).Begin();

        var again = await Host.Settlement(1).Describe();
        again.Batches.Select(b => (b.Index, b.ListHash, b.Total)).ShouldBe(planned.Batches.Select(b => (b.Index, b.ListHash, b.Total)));
        again.Batches.Length.ShouldBe(2, "three payouts in batches of two");
        await _pool.Settle();
        await _pool.AssertEverybodyPaidOnce();
    }

    [Fact]
    public async Task Settle_WhenAnotherMessageTookItsNumber_SignsAnewAtOnce()
    {
        await _pool.CloseEpoch();
        Host.Chain.DropBroadcasts = true;
        await _pool.Advance();
        Host.Chain.UseSeqno();
        Host.Chain.DropBroadcasts = false;
        await _pool.Settle();

        await _pool.AssertEverybodyPaidOnce();
        Host.Chain.Signatures.ShouldBe(4);
        Host.Chain.MostLiveSignatures.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_WhenItIsDone_LooksAtTheChainNoMore()
    {
        await _pool.CloseEpoch();
        await _pool.Settle();
        var looks = Host.Chain.Looks;

        Host.Time.Advance(TimeSpan.FromSeconds(10));
        (await Host.Settlement(1).Begin()).Accepted.ShouldBeTrue();
        Host.Time.Advance(TimeSpan.FromSeconds(10));
        (await Host.Settlement(1).Describe()).Phase.ShouldBe("settled");

        Host.Chain.Looks.ShouldBe(looks);
    }

    [Fact]
    public async Task Freeze_OfAnEpochWithoutAResult_IsRefused()
    {
        (await Host.Settlement(1).Freeze("too early")).Refusal.ShouldBe("epoch_not_finalized");
        (await Host.Settlement(1).Preview()).Refusal.ShouldBe("epoch_not_finalized");
        (await Host.Settlement(1).Describe()).Frozen.ShouldBeFalse();
    }

    [Fact]
    public async Task Preview_SaysWhatIsPlannedAndChangesNothing()
    {
        await _pool.CloseEpoch();

        var preview = (await Host.Settlement(1).Preview()).Value!;

        (preview.Planned, preview.Total, preview.Fee).ShouldBe((true, new(28_500_000_000), new(1_500_000_000)));
        preview.Batches.Select(b => b.Payouts).ShouldBe([2, 1]);
        preview.Needed.ShouldBe(Nanotons.FromTon(30));
        preview.Available.ShouldBe(Nanotons.FromTon(30));
        preview.EstimatedNetworkFees.ShouldBe(new(610_000 + (2 * 1_305_000) + (3 * 215_800)));
        Host.Chain.Signatures.ShouldBe(0);
        await _pool.Settle();
        (await Host.Settlement(1).Preview()).Value!.Batches.ShouldBeEmpty();
        await _pool.AssertEverybodyPaidOnce();
    }
}
