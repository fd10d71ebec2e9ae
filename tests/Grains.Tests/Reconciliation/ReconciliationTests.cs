using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Reconciliation;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;
using CocoonPool.Grains.Tests.Settlement;
using Npgsql;

namespace CocoonPool.Grains.Tests.Reconciliation;

/// <summary>What the real grains booked on real PostgreSQL, compared with the model of the chain, and with one witness changed.</summary>
public sealed class ReconciliationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Always = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Forever = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private PayingPool _pool = null!;

    private PoolHost Host => _pool.Host;

    public async ValueTask InitializeAsync() => _pool = await PayingPool.Start();

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Books_Settlements_AndChain_AgreeAfterEverythingThatCanHappenToAnEpoch()
    {
        await Host.Get<IPayoutFreezes>().Freeze(PoolHost.PoolId, new(_pool.Members[0].Address, "a difference", "test", Host.Time.GetUtcNow()));
        await _pool.CloseEpoch();
        await AssertAgrees("closed");
        Host.Chain.RefusedByContract.Add(_pool.Members[1].Address);
        await _pool.Settle();
        await AssertAgrees("settled, one withheld, one refused by the contract and released");
        await Host.Get<IPayoutFreezes>().Lift(PoolHost.PoolId, _pool.Members[0].Address, "test", Host.Time.GetUtcNow());
        await _pool.Remind();
        (await _pool.Claim(_pool.Members[0])).ShouldBeTrue();
        var claimed = await Reconcile();
        (claimed.Agrees, claimed.Differences.Single().Kind).ShouldBe((true, DifferenceKind.ClaimNotBooked));
        await _pool.Remind();

        var report = await AssertAgrees("claimed and booked");
        report.Payments.ShouldBe(1);
        report.Received.ShouldBe(Nanotons.FromTon(30));
        report.Epochs.Single().ShouldBe(new(new(1), 3, new(28_500_000_000), 0));
    }

    [Fact]
    public async Task Opening_IsBookedWithWhatItCost()
    {
        await _pool.CloseEpoch();
        await _pool.Settle();
        (await Host.Get<ILedgerStore>().Account(PoolHost.PoolId, AccountName.NetworkFees)).Balance.ShouldBe(ChainModel.OpeningFee + ChainModel.BatchFee + ChainModel.BatchFee);
    }

    [Theory]
    [InlineData("update settlement_messages set network_fee = 1 where index = 0", DifferenceKind.LineDiffers, DifferenceKind.NetworkFeeDiffers)]
    [InlineData("update settlement_payouts set amount = amount + 1 where payout_index = 2", DifferenceKind.EntryDiffers, DifferenceKind.ListDiffers, DifferenceKind.LineDiffers, DifferenceKind.LineDiffers, DifferenceKind.LineDiffers)]
    [InlineData("update settlement_messages set phase = 1 where index = 1", DifferenceKind.LineUnexplained, DifferenceKind.LineUnexplained, DifferenceKind.LineUnexplained, DifferenceKind.MessageNotBooked)]
    [InlineData("update settlements set merkle_root = decode(repeat('ab', 32), 'hex')", DifferenceKind.RootDiffers, DifferenceKind.ContentDiffers)]
    public async Task RecordThatWasChanged_IsNamed(string change, params DifferenceKind[] expected)
    {
        await _pool.CloseEpoch();
        await _pool.Settle();
        await using (var command = Host.Get<NpgsqlDataSource>().CreateCommand(change))
            (await command.ExecuteNonQueryAsync()).ShouldBe(1);

        (await Reconcile()).Differences.Select(d => d.Kind).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task PaymentsOfOneDay_AreComparedAlone_AndReadFromWhereTheDayBegins()
    {
        var today = Host.Time.GetUtcNow();
        foreach (var day in new[] { -2, -1, 0 })
        {
            Host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(3 + day), today.AddDays(day));
            await Sweep();
        }
        Host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(9), today.AddDays(-1).AddSeconds(1));
        var yesterday = new DateTimeOffset(today.AddDays(-1).UtcDateTime.Date, TimeSpan.Zero);

        var (seen, booked) = await Witnesses.Income(yesterday, yesterday.AddDays(1), TestContext.Current.CancellationToken);
        seen.Select(p => (p.Amount, p.IsRead)).ShouldBe([(Nanotons.FromTon(2), true), (Nanotons.FromTon(9), false)]);
        booked.Select(p => p.Amount).ShouldBe([Nanotons.FromTon(2)]);
        (await Host.Get<IReconciliationStore>().LogicalTimeBefore(PoolHost.PoolId, ChainModel.Distribution.ToString(), yesterday)).ShouldBe(4, "three registrations, and the payment of the day before");
    }

    [Fact]
    public async Task Audit_FollowsEachShareFromTheTalliesToTheChain()
    {
        await _pool.CloseEpoch();
        var before = (await Audit())!;
        (before.Holds, before.Proven).ShouldBe((true, false));
        await _pool.Settle();
        var after = (await Audit())!;
        after.Links.ShouldAllBe(link => link.Holds);
        (after.Proven, after.Entries.Count).ShouldBe((true, 3));

        await using (var command = Host.Get<NpgsqlDataSource>().CreateCommand("update epoch_tallies set tasks = tasks + 1 where epoch = 1"))
            await command.ExecuteNonQueryAsync();
        (await Audit())!.Links.Where(link => !link.Holds).Select(link => link.What).ShouldBe(["receipts_make_the_tallies", "tallies_are_in_the_bundle"]);
        (await Auditor.Audit(new(2), receipts: true, TestContext.Current.CancellationToken)).ShouldBeNull("it has no result");
    }

    private PaymentWitnesses Witnesses => new(Host.Get<IReconciliationStore>(), Host.Get<IRevenueStore>(), Host.Get<IEpochStore>(), Host.Chain, Host.Get<PoolSettings>());

    private PaymentAuditor Auditor => new(Witnesses, Host.Get<IContributionStore>(), Host.Get<IEpochStore>(), Host.Get<PoolSettings>());

    private Task<PaymentAudit?> Audit() => Auditor.Audit(new(1), receipts: true, TestContext.Current.CancellationToken);

    private Task<ReconciliationReport> Reconcile() =>
        new PaymentReconciler(Witnesses, Host.Get<IReconciliationStore>(), Host.Get<ILedgerStore>(), Host.Chain, Host.Get<PoolSettings>()).Reconcile(Always, Forever, TestContext.Current.CancellationToken);

    private async Task<ReconciliationReport> AssertAgrees(string when)
    {
        var report = await Reconcile();
        report.Differences.ShouldBeEmpty(when);
        return report;
    }

    private Task<int> Sweep() => Host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
}
