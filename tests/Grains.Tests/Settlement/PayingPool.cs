using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Settlement;

/// <summary>A pool with three participants whose epochs are closed and paid, batch by batch of two.</summary>
internal sealed class PayingPool : IAsyncDisposable
{
    private readonly List<Member> _members = [];
    private long _sequence = 1;
    private int _epochs;

    private PayingPool(PoolHost host) => Host = host;

    public PoolHost Host { get; }

    public IReadOnlyList<Member> Members => _members;

    public ISettlementStore Store => Host.Get<ISettlementStore>();

    public static async Task<PayingPool> Start()
    {
        var pool = new PayingPool(await PoolHost.Start());
        for (byte i = 1; i <= 3; i++)
            pool._members.Add(await Member.Join(pool.Host, i));
        return pool;
    }

    public async ValueTask DisposeAsync()
    {
        _members.ForEach(m => m.Dispose());
        await Host.DisposeAsync();
    }

    /// <summary>All work, 30 TON come in, and the running epoch ends: shares of 28.5 TON, a fee of 1.5.</summary>
    public async Task CloseEpoch()
    {
        _epochs++;
        for (var i = 0; i < _members.Count; i++)
            await _members[i].Contribute($"task-{_epochs}-{i + 1}", 10 * (i + 1));
        await Heartbeats();
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        await Heartbeats();
        Host.Chain.Deposit(ChainModel.Customer, ChainModel.Distribution, Nanotons.FromTon(30), Host.Time.GetUtcNow());
        await Host.Grains.GetGrain<IRevenueGrain>(PoolHost.PoolId).Sweep();
        (await Host.Pool.FinalizeEpoch(new(Early: true, DryRun: false))).Message.ShouldBe("done");
    }

    public async Task Settle(int epoch = 1)
    {
        for (var i = 0; i < 40 && (await Host.Settlement(epoch).Describe()).Phase != "settled"; i++)
            await Advance(epoch);
        (await Host.Settlement(epoch).Describe()).Phase.ShouldBe("settled");
    }

    /// <summary>A look at the chain, as the timer takes one; an unreachable gateway is the timer's everyday.</summary>
    public async Task Advance(int epoch = 1)
    {
        try
        {
            await Host.Settlement(epoch).Advance();
        }
        catch (ChainGatewayException)
        {
        }
    }

    /// <summary>What the reminder does each minute.</summary>
    public async Task Remind(int epoch = 1)
    {
        await Host.Settlement(epoch).LookAfterHolds();
        for (var i = 0; i < 6; i++)
            await Advance(epoch);
    }

    /// <summary>The owner shows the proof to the contract.</summary>
    public async Task<bool> Claim(Member member, int epoch = 1)
    {
        var payables = await Host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(epoch));
        var entry = payables.Single(p => p.Participant == member.Address);
        var leaves = payables.Select(p => MerkleTree.LeafHash(PayoutLeaf.Bytes(new(epoch), p))).ToList();
        return Host.Chain.Claim(new(epoch), entry, MerkleTree.Proof(leaves, entry.Index));
    }

    public async Task<Nanotons> Owed(Member member, int epoch = 1) =>
        (await Host.Get<IEpochStore>().Payables(PoolHost.PoolId, new EpochNumber(epoch))).Single(p => p.Participant == member.Address).Amount;

    public IEnumerable<Nanotons> PaidTo(Member member) => Host.Chain.Payments.Where(p => p.To == member.Address).Select(p => p.Amount);

    public async Task<HeldPayout> Held(Member member, int epoch = 1) =>
        (await Store.Find(PoolHost.PoolId, new(epoch)))!.Held.Single(h => h.Entry.Participant == member.Address);

    public async Task AssertEverybodyPaidOnce(int epochs = 1)
    {
        var owed = new List<(Domain.Participants.TonAddress, Nanotons)>();
        for (var epoch = 1; epoch <= epochs; epoch++)
            owed.AddRange((await Host.Get<IEpochStore>().Payables(PoolHost.PoolId, new(epoch))).Select(p => (p.PayoutAddress, p.Amount)));
        Host.Chain.Payments.Order().ShouldBe(owed.Order());
        Nanotons.Sum(Host.Chain.Payments.Select(p => p.Amount)).ShouldBe(new(28_500_000_000 * epochs), "30 TON less the fee of 5 %");
        var ledger = Host.Get<ILedgerStore>();
        foreach (var member in _members)
            (await ledger.Account(PoolHost.PoolId, AccountName.Rewards(member.Address))).ShouldBe(new(Nanotons.Zero, Nanotons.Zero));
        (await ledger.Account(PoolHost.PoolId, AccountName.InFlight)).Balance.ShouldBe(Nanotons.Zero);
        (await ledger.Account(PoolHost.PoolId, AccountName.Distribution)).Balance.ShouldBe(new(1_500_000_000L * epochs));
        await AssertBooksAreWhole();
    }

    public async Task AssertBooksAreWhole()
    {
        var ledger = Host.Get<ILedgerStore>();
        (await ledger.Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
        Solvency.FromBooks(await ledger.Accounts(PoolHost.PoolId)).Solvent.ShouldBeTrue();
    }

    private async Task Heartbeats()
    {
        foreach (var member in _members)
            await member.StayOnline(0, _sequence);
        _sequence++;
    }
}
