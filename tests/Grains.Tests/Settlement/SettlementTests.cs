using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Settlement;

public sealed class SettlementTests : IAsyncLifetime
{
    private readonly List<Member> _members = [];
    private PoolHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public async ValueTask DisposeAsync()
    {
        _members.ForEach(m => m.Dispose());
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Settle_WhenNothingGoesWrong_PaysEveryShareOnce()
    {
        await CloseEpoch();

        await Settle();

        await AssertEverybodyPaidOnce();
        (await _host.Settlement(1).Describe()).Phase.ShouldBe("settled");
        _host.Chain.Signatures.ShouldBe(3, "one to open the epoch and one per batch");
    }

    [Fact]
    public async Task Settle_WhenTheEpochOwesNobody_SettlesItSoThatLaterOnesCanPay()
    {
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        (await _host.Pool.FinalizeEpoch(new(true, false))).Accepted.ShouldBeTrue();

        await Advance();

        (await _host.Settlement(1).Describe()).Phase.ShouldBe("settled");
        _host.Chain.Signatures.ShouldBe(0, "there is nothing to sign");
    }

    [Fact]
    public async Task Settle_WhenTheReplyToABroadcastIsLost_FindsTheBatchPaidAndSignsNothingNew()
    {
        await CloseEpoch();
        _host.Chain.LoseNextReply = true;

        await Settle();

        await AssertEverybodyPaidOnce();
        _host.Chain.Signatures.ShouldBe(3);
    }

    [Fact]
    public async Task Settle_WhenTheMessageNeverArrives_SendsTheSameBytesAgainUntilItsDeadline()
    {
        await CloseEpoch();
        _host.Chain.DropBroadcasts = true;
        for (var i = 0; i < 5; i++)
            await Advance();
        _host.Chain.Signatures.ShouldBe(1);
        _host.Chain.Broadcasts.ShouldBeGreaterThanOrEqualTo(4);

        _host.Chain.DropBroadcasts = false;
        await Settle();

        await AssertEverybodyPaidOnce();
        _host.Chain.MostLiveSignatures.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_WhenAMessageExpires_SignsANewOneOnlyAfterTheChainPassedItsDeadline()
    {
        await CloseEpoch();
        _host.Chain.DropBroadcasts = true;
        await Advance();
        await Advance();
        _host.Chain.Time += 59;
        await Advance();
        _host.Chain.Signatures.ShouldBe(1, "the first message may still land");
        _host.Chain.Time += 2;
        await Advance();
        _host.Chain.Signatures.ShouldBe(2);

        _host.Chain.DropBroadcasts = false;
        await Settle();

        await AssertEverybodyPaidOnce();
        _host.Chain.MostLiveSignatures.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_WhenTheHostDiesBetweenBroadcastAndConfirmation_PaysOnceAfterItsRestart()
    {
        await CloseEpoch();
        _host.Chain.HoldDelivery = true;
        for (var i = 0; i < 3; i++)
            await Advance();

        await _host.Restart();
        await Advance();
        _host.Chain.Deliver();
        _host.Chain.HoldDelivery = false;
        await Settle();

        await AssertEverybodyPaidOnce();
        _host.Chain.Signatures.ShouldBe(3);
    }

    [Fact]
    public async Task Settle_WhenTheHostDiesAfterEveryStep_PaysOnce()
    {
        await CloseEpoch();

        for (var i = 0; i < 12 && (await _host.Settlement(1).Describe()).Phase != "settled"; i++)
        {
            await Advance();
            await _host.Restart();
        }

        await AssertEverybodyPaidOnce();
        _host.Chain.Signatures.ShouldBe(3);
    }

    [Fact]
    public async Task Settle_WhenTheContractIsUnderfunded_SaysSoAndGoesOnAfterATopUp()
    {
        await CloseEpoch();
        _host.Chain.Drain(Nanotons.FromTon(25));
        for (var i = 0; i < 6; i++)
            await Advance();
        (await _host.Settlement(1).Describe()).Trouble.ShouldNotBeNull().ShouldContain("does not hold enough");
        var signatures = _host.Chain.Signatures;
        await Advance();
        _host.Chain.Signatures.ShouldBe(signatures, "the next attempt waits");

        _host.Chain.Deposit(ChainModel.Operator, ChainModel.Distribution, Nanotons.FromTon(25), _host.Time.GetUtcNow());
        _host.Time.Advance(TimeSpan.FromSeconds(21));
        await Settle();

        await AssertEverybodyPaidOnce();
        (await _host.Settlement(1).Describe()).Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task Settle_WhenFrozen_SignsNothingUntilResumed()
    {
        await CloseEpoch();
        (await _host.Settlement(1).Freeze("audit")).Accepted.ShouldBeTrue();
        await _host.Restart();
        await Advance();
        await Advance();
        _host.Chain.Signatures.ShouldBe(0);

        await _host.Settlement(1).Resume();
        await Settle();

        await AssertEverybodyPaidOnce();
    }

    [Fact]
    public async Task Settle_WhenAskedToBeginTwice_PlansOnce()
    {
        await CloseEpoch();
        var planned = await _host.Settlement(1).Describe();

        await _host.Settlement(1).Begin();

        var again = await _host.Settlement(1).Describe();
        again.Batches.Select(b => (b.Index, b.ListHash, b.Total)).ShouldBe(planned.Batches.Select(b => (b.Index, b.ListHash, b.Total)));
        again.Batches.Length.ShouldBe(2, "three payouts in batches of two");
        await Settle();
        await AssertEverybodyPaidOnce();
    }

    private async Task CloseEpoch()
    {
        for (byte i = 1; i <= 3; i++)
        {
            var member = await Member.Join(_host, i);
            _members.Add(member);
            await member.Contribute($"task-{i}", 10 * i);
        }
        foreach (var member in _members)
            await member.StayOnline(0);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var member in _members)
            await member.StayOnline(0, firstSequence: 2);
        _host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(30), _host.Time.GetUtcNow());
        await _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
        (await _host.Pool.FinalizeEpoch(new(Early: true, DryRun: false))).Message.ShouldBe("done");
    }

    private async Task Settle()
    {
        for (var i = 0; i < 20 && (await _host.Settlement(1).Describe()).Phase != "settled"; i++)
            await Advance();
    }

    /// <summary>A look at the chain, as the timer takes one; an unreachable gateway is the timer's everyday.</summary>
    private async Task Advance()
    {
        try
        {
            await _host.Settlement(1).Advance();
        }
        catch (ChainGatewayException)
        {
        }
    }

    private async Task AssertEverybodyPaidOnce()
    {
        var store = _host.Get<ISettlementStore>();
        var planned = (await store.Find(PoolHost.PoolId, new(1)))!.Messages.SelectMany(m => m.Entries).Select(e => (e.PayoutAddress, e.Amount)).ToList();
        _host.Chain.Payments.Order().ShouldBe(planned.Order());
        Nanotons.Sum(_host.Chain.Payments.Select(p => p.Amount)).ShouldBe(new(28_500_000_000), "30 TON less the fee of 5 %");
        var ledger = _host.Get<ILedgerStore>();
        foreach (var member in _members)
            (await ledger.Account(PoolHost.PoolId, AccountName.Rewards(member.Address))).ShouldBe(new(Nanotons.Zero, Nanotons.Zero));
        (await ledger.Account(PoolHost.PoolId, AccountName.InFlight)).Balance.ShouldBe(Nanotons.Zero);
        (await ledger.Account(PoolHost.PoolId, AccountName.Distribution)).Balance.ShouldBe(new(1_500_000_000));
        (await ledger.Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
        Solvency.FromBooks(await ledger.Accounts(PoolHost.PoolId)).Solvent.ShouldBeTrue();
    }
}
