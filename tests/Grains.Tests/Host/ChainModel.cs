using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Chain;

namespace CocoonPool.Grains.Tests.Host;

/// <summary>
/// A model of the chain with the rules that matter to the payout protocol: the wallet takes each sequence number once and no
/// message after its deadline, the contract obeys one wallet, pays a batch once, an entry's claim once, and never more than it holds.
/// It lets a test lose a reply, hold a message back, or let time pass. The real contract and the real wallet are tested in contracts/
/// and end to end.
/// </summary>
internal sealed partial class ChainModel : IChainGateway, IStakeChain
{
    private sealed record Signed(string Boc, TonAddress Wallet, long Seqno, long ValidUntil, Func<int> Execute)
    {
        public string Hash => $"hash-of-{Boc}";
    }

    private readonly Dictionary<string, Signed> _signed = new(StringComparer.Ordinal);
    private readonly Dictionary<int, OpenEpochMessage> _opened = [];
    private readonly Dictionary<(int Epoch, int Batch), byte[]> _paid = [];
    private readonly SortedSet<(int Epoch, int Index)> _released = [];
    private readonly SortedSet<(int Epoch, int Index)> _claimed = [];
    private readonly List<IncomingPayment> _incoming = [];
    private readonly Queue<Signed> _delayed = new();
    private readonly Dictionary<string, int> _refused = new(StringComparer.Ordinal);
    private readonly HashSet<string> _landed = new(StringComparer.Ordinal);
    private readonly Dictionary<TonAddress, long> _seqnos = [];

    /// <summary>What opening an epoch and paying a batch cost.</summary>
    public static readonly Nanotons OpeningFee = new(610_000);
    public static readonly Nanotons BatchFee = new(225_000);

    public static readonly TonAddress Distribution = new(0, Enumerable.Repeat((byte)0xd1, 32).ToArray());
    public static readonly TonAddress Registry = new(0, Enumerable.Repeat((byte)0x57, 32).ToArray());
    public static readonly TonAddress Customer = new(0, Enumerable.Repeat((byte)0xcc, 32).ToArray());
    public static readonly TonAddress Operator = new(0, Enumerable.Repeat((byte)0x0b, 32).ToArray());

    /// <summary>The wallet whose key the gateway has.</summary>
    public TonAddress Wallet { get; set; } = Operator;

    /// <summary>The wallet that the contract obeys.</summary>
    public TonAddress Obeyed { get; set; } = Operator;

    public long Seqno => SeqnoOf(Wallet);

    public long Time { get; set; } = 1_800_000_000;

    /// <summary>The stake accounts, on the chain's clock.</summary>
    public StakeAccountsModel Stakes { get; }

    /// <summary>How a page of payments comes, if not as it should.</summary>
    public Func<IReadOnlyList<IncomingPayment>, IReadOnlyList<IncomingPayment>> Pages { get; set; } = page => page;

    public ChainModel() => Stakes = new(() => DateTimeOffset.FromUnixTimeSeconds(Time));

    public Nanotons Balance { get; private set; }

    /// <summary>What each wallet was paid, in the order of the payments.</summary>
    public List<(TonAddress To, Nanotons Amount)> Payments { get; } = [];

    /// <summary>How often anybody looked at the wallet.</summary>
    public int Looks { get; private set; }

    public int Signatures { get; private set; }

    /// <summary>What was signed, in order, such as <c>pay/1/0</c>.</summary>
    public List<string> SignedFor { get; } = [];

    public int Broadcasts { get; private set; }

    /// <summary>The next broadcast arrives, and the answer to it does not.</summary>
    public bool LoseNextReply { get; set; }

    /// <summary>Broadcasts vanish on the way.</summary>
    public bool DropBroadcasts { get; set; }

    /// <summary>The wallet takes messages, but the contract gets them only with <see cref="Deliver"/>.</summary>
    public bool HoldDelivery { get; set; }

    /// <summary>The wallet is read at an older block than the contract.</summary>
    public SignerReading? StaleWallet { get; set; }

    /// <summary>The gateway can say what became of a message.</summary>
    public bool FatesAreKnown { get; set; } = true;

    /// <summary>Addresses that the gateway never signs a payout to.</summary>
    public HashSet<TonAddress> RefusedByGateway { get; } = [];

    /// <summary>Addresses for which the contract refuses a whole batch.</summary>
    public HashSet<TonAddress> RefusedByContract { get; } = [];

    /// <summary>Live signatures for one message at the worst moment so far; more than one would be a fault of the protocol.</summary>
    public int MostLiveSignatures { get; private set; }

    /// <summary>Coins leave the contract outside the pool's books, so that it can not cover what it owes.</summary>
    public void Drain(Nanotons amount) => Balance -= amount;

    /// <summary>Registers a stake or adds to it, which the registry's history shows.</summary>
    public void Stake(TonAddress participant, Nanotons amount, DateTimeOffset at)
    {
        Stakes.Deposit(participant, amount);
        Deposit(participant, Registry, amount, at, null);
    }

    public void Deposit(TonAddress from, TonAddress to, Nanotons amount, DateTimeOffset at, string? comment = "revenue", VaultPayment? vault = null)
    {
        if (to == Distribution)
            Balance += amount;
        _incoming.Add(new(_incoming.Count + 1, $"{_incoming.Count + 1:x64}", from, to, amount, comment, false, at, vault));
    }

    public void Deliver()
    {
        while (_delayed.TryDequeue(out var message))
            Execute(message);
    }

    /// <summary>Somebody else's message of the same wallet takes the next number.</summary>
    public void UseSeqno() => _seqnos[Wallet] = Seqno + 1;

    /// <summary>The owner of an entry shows the proof. False when the contract refuses.</summary>
    public bool Claim(EpochNumber epoch, Payable entry, IReadOnlyList<MerkleStep> proof)
    {
        if (!_opened.TryGetValue(epoch.Value, out var opened) || (entry.Index < opened.ClaimFrom && !_released.Contains((epoch.Value, entry.Index)))
            || !MerkleTree.Verify(MerkleTree.LeafHash(PayoutLeaf.Bytes(epoch, entry)), proof, opened.MerkleRoot) || entry.Amount > Balance || !_claimed.Add((epoch.Value, entry.Index)))
            return false;
        Balance -= entry.Amount;
        Payments.Add((entry.PayoutAddress, entry.Amount));
        return true;
    }

    private long SeqnoOf(TonAddress wallet) => _seqnos.GetValueOrDefault(wallet, 1);

    private int Open(OpenEpochMessage message)
    {
        _opened.TryAdd(message.Epoch.Value, message);
        return 0;
    }

    private int Pay(EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash)
    {
        var total = Nanotons.Sum(entries.Select(e => e.Amount));
        if (!_opened.ContainsKey(epoch.Value))
            return 404;
        if (_paid.ContainsKey((epoch.Value, batch)))
            return 409;
        if (entries.Any(e => RefusedByContract.Contains(e.To)))
            return 421;
        if (total > Balance)
            return 402;
        _paid[(epoch.Value, batch)] = listHash;
        Balance -= total;
        Payments.AddRange(entries.Select(e => (e.To, e.Amount)));
        return 0;
    }

    public Task<IReadOnlyList<IncomingPayment>> Incoming(TonAddress address, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) =>
        Unreachable
            ? throw new ChainGatewayException("unreachable", "The chain is away.")
            : Task.FromResult(Pages([.. _incoming.Where(p => p.To == address && p.LogicalTime > afterLogicalTime).Take(limit)]));

    public bool Unreachable { get; set; }

    public bool StakesUnreachable { get; set; }

    public Task<StakeReading> Stake(TonAddress participant, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) =>
        Unreachable || StakesUnreachable ? throw new ChainGatewayException("unreachable", "The chain is away.") : Task.FromResult(Stakes.Read(participant, afterLogicalTime, limit));

    public Task<SignedMessage> SignStakeCommand(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Sign(command.Id, seqno, validUntil, () => Stakes.CarryOut(command, suspendedUntil) ? 0 : 434);

    private int Release(EpochNumber epoch, IReadOnlyList<int> indexes)
    {
        if (!_opened.TryGetValue(epoch.Value, out var opened) || indexes.Any(i => i >= opened.ClaimFrom))
            return 411;
        _released.UnionWith(indexes.Select(i => (epoch.Value, i)));
        return 0;
    }

    private void Execute(Signed message)
    {
        var code = message.Wallet == Obeyed ? message.Execute() : 401;
        if (code != 0)
            _refused.Add(message.Hash, code);
    }

    private Task<SignedMessage> Sign(string what, long seqno, long validUntil, Func<int> execute)
    {
        Signatures++;
        SignedFor.Add(what);
        var message = new Signed($"{what}#{Signatures}", Wallet, seqno, validUntil, execute);
        _signed[message.Boc] = message;
        var live = _signed.Values.Count(s => s.Boc.StartsWith($"{what}#", StringComparison.Ordinal) && s.Seqno >= SeqnoOf(s.Wallet) && s.ValidUntil >= Time);
        MostLiveSignatures = Math.Max(MostLiveSignatures, live);
        return Task.FromResult(new SignedMessage(message.Boc, message.Hash));
    }
}
