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
/// message after its deadline, the contract pays a batch once and never more than it holds. It lets a test lose a reply, hold a
/// message back, or let time pass. The real contract and the real wallet are tested in contracts/ and end to end.
/// </summary>
internal sealed class ChainModel : IChainGateway, IStakeChain
{
    private sealed record Signed(long Seqno, long ValidUntil, Action Execute);

    private readonly Dictionary<string, Signed> _signed = new(StringComparer.Ordinal);
    private readonly Dictionary<int, OpenEpochMessage> _opened = [];
    private readonly Dictionary<(int Epoch, int Batch), byte[]> _paid = [];
    private readonly List<IncomingPayment> _incoming = [];
    private readonly Queue<Signed> _delayed = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    public static readonly TonAddress Distribution = new(0, Enumerable.Repeat((byte)0xd1, 32).ToArray());
    public static readonly TonAddress Registry = new(0, Enumerable.Repeat((byte)0x57, 32).ToArray());
    public static readonly TonAddress Customer = new(0, Enumerable.Repeat((byte)0xcc, 32).ToArray());
    public static readonly TonAddress Operator = new(0, Enumerable.Repeat((byte)0x0b, 32).ToArray());

    public long Seqno { get; private set; } = 1;

    public long Time { get; set; } = 1_800_000_000;

    /// <summary>The stake accounts, on the chain's clock.</summary>
    public StakeAccountsModel Stakes { get; }

    /// <summary>How a page of payments comes, if not as it should.</summary>
    public Func<IReadOnlyList<IncomingPayment>, IReadOnlyList<IncomingPayment>> Pages { get; set; } = page => page;

    public ChainModel() => Stakes = new(() => DateTimeOffset.FromUnixTimeSeconds(Time));

    public Nanotons Balance { get; private set; }

    /// <summary>What each wallet was paid, in the order of the payments.</summary>
    public List<(TonAddress To, Nanotons Amount)> Payments { get; } = [];

    public int Signatures { get; private set; }

    public int Broadcasts { get; private set; }

    /// <summary>The next broadcast arrives, and the answer to it does not.</summary>
    public bool LoseNextReply { get; set; }

    /// <summary>Broadcasts vanish on the way.</summary>
    public bool DropBroadcasts { get; set; }

    /// <summary>The wallet takes messages, but the contract gets them only with <see cref="Deliver"/>.</summary>
    public bool HoldDelivery { get; set; }

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
            message.Execute();
    }

    public Task<SignerReading> Signer(CancellationToken cancellationToken = default) =>
        Task.FromResult(new SignerReading(Operator, Seqno, Nanotons.FromTon(5), Time, Time));

    public Task<SignedMessage> SignOpenEpoch(OpenEpochMessage message, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Sign($"open/{message.Epoch}", seqno, validUntil, () => _opened.TryAdd(message.Epoch.Value, message));

    public Task<SignedMessage> SignPayBatch(EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Sign($"pay/{epoch}/{batch}", seqno, validUntil, () =>
        {
            var total = Nanotons.Sum(entries.Select(e => e.Amount));
            if (!_opened.ContainsKey(epoch.Value) || _paid.ContainsKey((epoch.Value, batch)) || total > Balance)
                return false;
            _paid[(epoch.Value, batch)] = listHash;
            Balance -= total;
            Payments.AddRange(entries.Select(e => (e.To, e.Amount)));
            return true;
        });

    public Task<(bool Accepted, string? Reason)> Broadcast(string boc, CancellationToken cancellationToken = default)
    {
        Broadcasts++;
        var message = _signed[boc];
        var lands = !DropBroadcasts && message.Seqno == Seqno && Time <= message.ValidUntil;
        if (lands)
        {
            Seqno++;
            if (HoldDelivery)
                _delayed.Enqueue(message);
            else
                message.Execute();
        }
        if (LoseNextReply)
        {
            LoseNextReply = false;
            throw new ChainGatewayException("unreachable", "The reply was lost.");
        }
        return Task.FromResult((lands, lands ? null : (string?)"not accepted"));
    }

    public Task<MessageFate> Message(string hash, CancellationToken cancellationToken = default) =>
        Task.FromResult(new MessageFate(_refused.Contains(hash), _refused.Contains(hash) ? "the contract does not hold enough" : null));

    public Task<EpochOnChain> Epoch(EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        var opened = _opened.GetValueOrDefault(epoch.Value);
        return Task.FromResult(new EpochOnChain(
            Time, opened is not null, opened?.Total ?? Nanotons.Zero, opened?.Fee ?? Nanotons.Zero, opened?.MerkleRoot ?? new byte[32], opened?.BundleHash ?? new byte[32],
            [.. _paid.Where(p => p.Key.Epoch == epoch.Value).Select(p => new BatchOnChain(p.Key.Batch, p.Value, $"tx-{epoch}-{p.Key.Batch}", new(225_000)))]));
    }

    Task<DistributionReading> IChainGateway.Distribution(CancellationToken cancellationToken) => Task.FromResult(new DistributionReading(Distribution, Balance, Nanotons.Zero));

    public Task<IReadOnlyList<IncomingPayment>> Incoming(TonAddress address, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) =>
        Unreachable
            ? throw new ChainGatewayException("unreachable", "The chain is away.")
            : Task.FromResult(Pages([.. _incoming.Where(p => p.To == address && p.LogicalTime > afterLogicalTime).Take(limit)]));

    public bool Unreachable { get; set; }

    public bool StakesUnreachable { get; set; }

    /// <summary>Another message of the wallet lands.</summary>
    public void UseSeqno() => Seqno++;

    public Task<StakeReading> Stake(TonAddress participant, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) =>
        Unreachable || StakesUnreachable ? throw new ChainGatewayException("unreachable", "The chain is away.") : Task.FromResult(Stakes.Read(participant, afterLogicalTime, limit));

    public Task<SignedMessage> SignStakeCommand(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Sign(command.Id, seqno, validUntil, () => Stakes.CarryOut(command, suspendedUntil));

    public Task<ChainHealth> Health(CancellationToken cancellationToken = default) => Task.FromResult(new ChainHealth(true, 0, Nanotons.FromTon(5)));

    private Task<SignedMessage> Sign(string what, long seqno, long validUntil, Func<bool> execute)
    {
        Signatures++;
        var boc = $"{what}#{Signatures}";
        _signed[boc] = new(seqno, validUntil, () =>
        {
            if (!execute())
                _refused.Add($"hash-of-{boc}");
        });
        var live = _signed.Count(s => s.Key.StartsWith($"{what}#", StringComparison.Ordinal) && s.Value.Seqno >= Seqno && s.Value.ValidUntil >= Time);
        MostLiveSignatures = Math.Max(MostLiveSignatures, live);
        return Task.FromResult(new SignedMessage(boc, $"hash-of-{boc}"));
    }
}
