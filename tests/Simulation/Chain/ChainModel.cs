using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.PoolSimulation.Chain;

/// <summary>A message that the gateway signed for the pool's wallet.</summary>
/// <param name="Batch">−1 opens the epoch, lower numbers release entries.</param>
public sealed record WalletMessage(
    string Boc, int Epoch, int Batch, long Seqno, long ValidUntil, OpenEpochMessage? Opening, IReadOnlyList<Payment> Payments, byte[] ListHash, IReadOnlyList<int> Released)
{
    /// <summary>Of a command to a stake account.</summary>
    public (StakeCommand Command, DateTimeOffset SuspendedUntil)? Stake { get; init; }

    /// <summary>What it is to bring about: there must never be two live signatures for it.</summary>
    public string Aim => Stake?.Command.Id ?? $"{Epoch}/{Batch}";

    public string Hash => $"hash-of-{Boc}";
}

public sealed record Payment(int Index, TonAddress To, Nanotons Amount);

/// <summary>What the chain does, told to whoever watches at the very moment.</summary>
public interface IChainWatcher
{
    /// <summary>Signed bytes came to the chain for the first time or again, whether or not they will land.</summary>
    void Sent(WalletMessage message, ChainModel chain);

    /// <summary>The contract paid a batch.</summary>
    void Paid(WalletMessage message, ChainModel chain);

    /// <summary>The contract paid a claim.</summary>
    void Claimed(int epoch, Payment payment, ChainModel chain);

    /// <summary>Money came in for the pool, from outside.</summary>
    void Received(IncomingPayment payment);
}

/// <summary>
/// The chain with the wallet's and the distribution contract's rules. Wallet: each sequence number once, nothing after its deadline.
/// Contract: an epoch is opened once and only when everything it owes is there; a batch is paid once, and never more than the epoch has
/// left; an entry is claimed once, by its proof, if it is one of those to be claimed or was released. Messages from outside get lost, late, doubled; those between contracts arrive within seconds.
/// </summary>
public sealed class ChainModel(TimeProvider time, SeededRandom random, IChainWatcher watcher, StakeAccountsModel stakes)
{
    /// <summary>Between contracts of one workchain; the payout protocol counts on 30 seconds at most.</summary>
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, WalletMessage> _signed = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (OpenEpochMessage Opening, Nanotons Left)> _epochs = [];
    private readonly Dictionary<int, SortedSet<int>> _released = [];
    private readonly SortedDictionary<(int Epoch, int Index), PaidClaim> _claims = [];
    private readonly HashSet<string> _landed = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Epoch, int Batch), PaidBatch> _batches = [];
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly List<IncomingPayment> _incoming = [];

    public static readonly TonAddress Distribution = new(0, [.. Enumerable.Repeat((byte)0xd1, 32)]);
    public static readonly TonAddress Registry = new(0, [.. Enumerable.Repeat((byte)0x57, 32)]);
    public static readonly TonAddress Operator = new(0, [.. Enumerable.Repeat((byte)0x0b, 32)]);
    public static readonly TonAddress Customer = new(0, [.. Enumerable.Repeat((byte)0xcc, 32)]);

    /// <summary>The participants' stake accounts.</summary>
    public StakeAccountsModel Stakes => stakes;

    public sealed record PaidBatch(WalletMessage Message, long At);

    public sealed record PaidClaim(Payment Payment, long At);

    public long Seqno { get; private set; } = 1;

    public Nanotons Balance { get; private set; }

    /// <summary>What open epochs are still to be paid.</summary>
    public Nanotons Owed => Nanotons.Sum(_epochs.Values.Select(e => e.Left));

    /// <summary>What the contract holds beside its revenue: the operator's top-ups less what was drained.</summary>
    public Nanotons FromOutsideTheBooks { get; private set; }

    public bool IsAway { get; set; }

    public double LossRate { get; set; }

    public double DelayRate { get; set; }

    public double DoublingRate { get; set; }

    /// <summary>Unix seconds. Nobody who sets the pool's clock moves it.</summary>
    public long Now => Clock(time);

    public IReadOnlyDictionary<(int Epoch, int Batch), PaidBatch> Batches => _batches;

    public IReadOnlyList<IncomingPayment> Incoming => _incoming;

    public OpenEpochMessage? Opened(int epoch) => _epochs.TryGetValue(epoch, out var opened) ? opened.Opening : null;

    public bool IsRefused(string hash) => _refused.Contains(hash);

    public bool HasLanded(string hash) => _landed.Contains(hash);

    public IReadOnlyDictionary<(int Epoch, int Index), PaidClaim> Claims => _claims;

    public IReadOnlyCollection<int> Released(int epoch) => _released.GetValueOrDefault(epoch) ?? [];

    public WalletMessage Sign(
        int epoch, int batch, long seqno, long validUntil, OpenEpochMessage? opening, IReadOnlyList<Payment> payments, byte[] listHash, IReadOnlyList<int>? released = null)
    {
        var message = new WalletMessage($"{epoch}/{batch}#{_signed.Count + 1}", epoch, batch, seqno, validUntil, opening, payments, listHash, released ?? []);
        _signed.Add(message.Boc, message);
        return message;
    }

    public WalletMessage Sign(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil)
    {
        var message = new WalletMessage($"{command.Id}#{_signed.Count + 1}", 0, 0, seqno, validUntil, null, [], [], []) { Stake = (command, suspendedUntil) };
        _signed.Add(message.Boc, message);
        return message;
    }

    /// <summary>A participant registers a stake or adds to it through the registry.</summary>
    public void Stake(TonAddress participant, Nanotons amount)
    {
        Stakes.Deposit(participant, amount);
        Deposit(participant, Registry, amount);
    }

    /// <summary>Takes bytes from outside: they land now, later, twice or never.</summary>
    public void Send(string boc)
    {
        var message = _signed[boc];
        watcher.Sent(message, this);
        if (random.Chance(LossRate))
            return;
        Land(message, random.Chance(DelayRate) ? random.Span(TimeSpan.FromHours(1)) : random.Span(TimeSpan.FromSeconds(6)));
        if (random.Chance(DoublingRate))
            Land(message, random.Span(TimeSpan.FromHours(1)));
    }

    public void Deposit(TonAddress from, TonAddress to, Nanotons amount)
    {
        if (to == Distribution)
        {
            Balance += amount;
            if (from == Operator)
                FromOutsideTheBooks += amount;
        }

        var number = _incoming.Count + 1;
        var payment = new IncomingPayment(number, $"{number:x64}", from, to, amount, null, false, DateTimeOffset.FromUnixTimeSeconds(Now));
        _incoming.Add(payment);
        watcher.Received(payment);
    }

    /// <summary>Coins leave the contract past the pool's books, so that it may lack what it owes.</summary>
    public void Drain(Nanotons amount)
    {
        amount = Nanotons.Min(amount, Balance);
        Balance -= amount;
        FromOutsideTheBooks -= amount;
    }

    private void Land(WalletMessage message, TimeSpan after) => Later(after, () =>
    {
        if (message.Seqno != Seqno || Now > message.ValidUntil)
            return;
        Seqno++;
        _landed.Add(message.Hash);
        Later(random.Span(LongestDelivery), () =>
        {
            if (!CarryOut(message))
                _refused.Add(message.Hash);
        });
    });

    private bool CarryOut(WalletMessage message) => message switch
    {
        { Stake: { } stake } => Stakes.CarryOut(stake.Command, stake.SuspendedUntil),
        { Opening: { } opening } => Open(opening),
        { Released.Count: > 0 } => Release(message),
        _ => Pay(message),
    };

    /// <summary>The chain's Unix seconds: of the simulation's time, whatever clocks are set to.</summary>
    public static long Clock(TimeProvider time) => 1_767_225_600 + time.GetTimestamp() / time.TimestampFrequency;

    private bool Open(OpenEpochMessage opening)
    {
        if (_epochs.ContainsKey(opening.Epoch.Value) || Balance < Owed + opening.Total)
            return false;
        _epochs.Add(opening.Epoch.Value, (opening, opening.Total));
        return true;
    }

    /// <summary>A claim from its owner's own wallet. False when the contract refuses it.</summary>
    public bool Claim(EpochNumber epoch, Payable entry, IReadOnlyList<MerkleStep> proof)
    {
        if (!_epochs.TryGetValue(epoch.Value, out var known) || _claims.ContainsKey((epoch.Value, entry.Index)) || entry.Amount > known.Left || entry.Amount > Balance
            || (entry.Index < known.Opening.ClaimFrom && !Released(epoch.Value).Contains(entry.Index))
            || !MerkleTree.Verify(MerkleTree.LeafHash(PayoutLeaf.Bytes(epoch, entry)), proof, known.Opening.MerkleRoot))
            return false;
        var payment = new Payment(entry.Index, entry.PayoutAddress, entry.Amount);
        _epochs[epoch.Value] = (known.Opening, known.Left - entry.Amount);
        _claims.Add((epoch.Value, entry.Index), new(payment, Now));
        Balance -= entry.Amount;
        watcher.Claimed(epoch.Value, payment, this);
        return true;
    }

    private bool Release(WalletMessage message)
    {
        if (!_epochs.TryGetValue(message.Epoch, out var epoch) || message.Released.Any(index => index >= epoch.Opening.ClaimFrom))
            return false;
        _released.TryAdd(message.Epoch, []);
        _released[message.Epoch].UnionWith(message.Released);
        return true;
    }

    private bool Pay(WalletMessage message)
    {
        var total = Nanotons.Sum(message.Payments.Select(p => p.Amount));
        if (!_epochs.TryGetValue(message.Epoch, out var epoch) || _batches.ContainsKey((message.Epoch, message.Batch)) || total > epoch.Left || total > Balance)
            return false;
        _epochs[message.Epoch] = (epoch.Opening, epoch.Left - total);
        _batches.Add((message.Epoch, message.Batch), new(message, Now));
        Balance -= total;
        watcher.Paid(message, this);
        return true;
    }

    // The timer holds itself until it has fired.
    private void Later(TimeSpan after, Action happens)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(_ =>
        {
            timer!.Dispose();
            happens();
        }, null, after, Timeout.InfiniteTimeSpan);
    }
}
