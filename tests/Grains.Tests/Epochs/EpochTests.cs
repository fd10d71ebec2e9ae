using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Verifier;

namespace CocoonPool.Grains.Tests.Epochs;

public sealed class EpochTests : IAsyncLifetime
{
    private PoolHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Close_WhenAskedAgain_AnswersTheSameBundle()
    {
        using var member = await Contribute();
        var first = (await _host.Pool.FinalizeEpoch(new(true, false))).Value!;

        var again = (await _host.Grains.GetGrain<IEpochGrain>($"{PoolHost.PoolId}/1").Close(_host.Time.GetUtcNow())).Value!;

        again.BundleHash.ShouldBe(first.BundleHash);
        (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.OperatorFees)).Balance.ShouldBe(new(500_000_000));
    }

    [Fact]
    public async Task Close_PublishesABundleThatTheSecondImplementationConfirms()
    {
        using var member = await Contribute();
        await _host.Pool.FinalizeEpoch(new(true, false));

        var bundle = (await _host.Get<IEpochStore>().Bundle(PoolHost.PoolId, new(1)))!;
        var report = EpochVerifier.Verify(bundle.Json);

        report.Differences.ShouldBeEmpty();
        report.Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task Close_WhenDryRun_ChangesNothing()
    {
        using var member = await Contribute();

        var preview = (await _host.Pool.FinalizeEpoch(new(true, DryRun: true))).Value!;

        preview.Revenue.ShouldBe(Nanotons.FromTon(10));
        (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!.Phase.ShouldBe(EpochState.Open);
    }

    [Fact]
    public async Task Close_WhenAnEarlierEpochWasInterrupted_WaitsForIt()
    {
        using var member = await Contribute();
        var store = _host.Get<IEpochStore>();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await store.BeginClosing(PoolHost.PoolId, new(1), _host.Time.GetUtcNow());

        var early = await _host.Grains.GetGrain<IEpochGrain>($"{PoolHost.PoolId}/2").Close(_host.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await _host.Pool.FollowCalendar();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        var afterwards = await _host.Pool.FinalizeEpoch(new(true, false));

        early.Refusal.ShouldBe("earlier_epoch_open");
        ((await store.Find(PoolHost.PoolId, new(1)))!.Phase >= EpochState.Finalized).ShouldBeTrue();
        afterwards.Value!.Epoch.ShouldBe(new(2));
    }

    [Fact]
    public async Task Close_WhenTheOneBeforeIsNotPaidYet_DoesNotMakeItsSharesPayableAgain()
    {
        using var member = await Contribute();
        await _host.Pool.FinalizeEpoch(new(true, false));
        await Deposit(10);
        await member.StayOnline(1, firstSequence: 10);
        _host.Time.Advance(TimeSpan.FromSeconds(1));

        (await _host.Pool.FinalizeEpoch(new(true, false))).Message.ShouldBe("done");

        // Nothing of epoch 1 has been sent yet; its payout is reserved and no part of what epoch 2 pays.
        var second = (await _host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(2))).Single();
        second.Amount.ShouldBe(new(9_500_000_000));
    }

    [Fact]
    public async Task Close_WhenEarly_KeepsTheCalendarsBoundaries()
    {
        using var member = await Contribute();
        var regularEnd = (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!.End;

        await _host.Pool.FinalizeEpoch(new(true, false));

        var (first, second) = ((await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(1)))!, (await _host.Get<IEpochStore>().Find(PoolHost.PoolId, new(2)))!);
        (second.Start, second.End).ShouldBe((first.End, regularEnd));
        regularEnd.ShouldBe(new DateTimeOffset(2026, 1, 19, 0, 0, 0, TimeSpan.Zero), "a Monday, 00:00 UTC");
    }

    [Fact]
    public async Task Close_WhenNobodyContributed_CarriesTheRevenueOver()
    {
        await Deposit(10);
        (await _host.Pool.FinalizeEpoch(new(true, false))).Refusal.ShouldBe("epoch_empty");
        _host.Time.Advance(TimeSpan.FromSeconds(1));

        (await _host.Pool.FinalizeEpoch(new(true, false))).Accepted.ShouldBeTrue();

        (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Revenue(new(2)))).Balance.ShouldBe(Nanotons.FromTon(10));
    }

    [Fact]
    public async Task Calendar_WhenThePoolSleptOverEpochs_ClosesThemInOrder()
    {
        await _host.Restart();
        _host.Time.Advance(TimeSpan.FromDays(22));
        await _host.Pool.FollowCalendar();

        var epochs = (await _host.Get<IEpochStore>().List(PoolHost.PoolId, 100)).OrderBy(e => e.Number).ToList();
        epochs.Count(e => e.Phase >= EpochState.Finalized).ShouldBe(3);
        epochs.Zip(epochs.Skip(1)).ShouldAllBe(pair => pair.First.End == pair.Second.Start && pair.First.Phase >= pair.Second.Phase);
        epochs.Last().Phase.ShouldBe(EpochState.Open);
    }

    [Fact]
    public async Task Revenue_WhenThePageOfPaymentsIsReadAgain_IsBookedOnce()
    {
        await Deposit(10);
        var store = _host.Get<IRevenueStore>();
        var page = await _host.Chain.Incoming(ChainModel.Distribution, 0, 10);

        await store.Book(PoolHost.PoolId, ChainModel.Distribution.ToString(), page[^1].LogicalTime, page);

        (await _host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.Revenue(new(1)))).Balance.ShouldBe(Nanotons.FromTon(10));
    }

    [Fact]
    public async Task Contribution_WhenItsEpochIsClosed_CountsInTheNextOneAsLate()
    {
        using var member = await Contribute();
        var (task, ticket) = await member.Serve("task-late");
        var batch = member.Sign((member.Receipt(task, 10), ticket));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.Pool.FinalizeEpoch(new(true, false));

        (await member.Worker.SubmitReceipts(batch)).Acknowledged.ShouldBe(["task-late"]);

        var tallies = _host.Get<IContributionStore>();
        (await tallies.Tallies(PoolHost.PoolId, new(1))).Single().Tally.Tasks.ShouldBe(1);
        (await tallies.Tallies(PoolHost.PoolId, new(2))).Single().Tally.Tasks.ShouldBe(1);
    }

    private async Task<Member> Contribute()
    {
        var member = await Member.Join(_host, 1);
        await member.Contribute("task-1", 10);
        await member.StayOnline(1);
        await Deposit(10);
        return member;
    }

    private async Task Deposit(long ton)
    {
        _host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(ton), _host.Time.GetUtcNow());
        await _host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
    }
}
