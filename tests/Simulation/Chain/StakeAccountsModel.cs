using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;

namespace CocoonPool.PoolSimulation.Chain;

/// <summary>
/// The stake accounts with the rules of contracts/stake: the stake is what was deposited less what was paid and slashed; a withdrawal waits
/// its time, can be slashed meanwhile, and is held back by a suspension; a case is executed once.
/// </summary>
public sealed class StakeAccountsModel(Func<DateTimeOffset> now)
{
    private readonly SortedDictionary<TonAddress, Account> _accounts = [];
    private long _logicalTime;

    private sealed class Account(TonAddress participant)
    {
        public StakeAccountState State { get; set; } = StakeAccountState.Empty(participant);

        public Dictionary<ulong, Nanotons> Slashes { get; } = [];

        public List<StakeMovement> Movements { get; } = [];

        public long LastLogicalTime { get; set; }
    }

    public TimeSpan WithdrawalDelay { get; set; } = TimeSpan.FromDays(7);

    public Nanotons Burned { get; private set; }

    public Nanotons Treasury { get; private set; }

    /// <summary>What each was paid back.</summary>
    public List<(TonAddress To, Nanotons Amount)> Paid { get; } = [];

    public DateTimeOffset Now => now();

    public IEnumerable<TonAddress> Participants => _accounts.Keys;

    public StakeAccountState State(TonAddress participant) => _accounts.TryGetValue(participant, out var account) ? account.State : StakeAccountState.Empty(participant);

    /// <summary>The stake as it stood after a logical time.</summary>
    public Nanotons StakeAt(TonAddress participant, long logicalTime) =>
        _accounts.TryGetValue(participant, out var account) ? account.Movements.Where(m => m.LogicalTime <= logicalTime).Aggregate(Nanotons.Zero, (stake, movement) => movement.After(stake)) : Nanotons.Zero;

    public void Deposit(TonAddress participant, Nanotons amount)
    {
        var account = _accounts.TryGetValue(participant, out var known) ? known : _accounts[participant] = new(participant);
        account.State = account.State with { Stake = account.State.Stake + amount };
        Move(account, StakeMovementKind.Deposited, amount);
    }

    public bool Request(TonAddress participant, Nanotons amount)
    {
        if (!_accounts.TryGetValue(participant, out var account) || account.State.Withdrawal.IsPositive || !amount.IsPositive || amount > account.State.Stake)
            return false;
        account.State = account.State with { Withdrawal = amount, UnlocksAt = now() + WithdrawalDelay };
        Move(account, StakeMovementKind.WithdrawalRequested, amount);
        return true;
    }

    public bool Cancel(TonAddress participant)
    {
        if (!_accounts.TryGetValue(participant, out var account) || !account.State.Withdrawal.IsPositive)
            return false;
        account.State = account.State with { Withdrawal = Nanotons.Zero, UnlocksAt = null };
        Move(account, StakeMovementKind.WithdrawalCancelled, Nanotons.Zero);
        return true;
    }

    public bool Complete(TonAddress participant)
    {
        if (!_accounts.TryGetValue(participant, out var account) || !account.State.Withdrawal.IsPositive || account.State.UnlocksAt > now() || account.State.IsSuspendedAt(now()))
            return false;
        var amount = account.State.Withdrawal;
        account.State = account.State with { Stake = account.State.Stake - amount, Withdrawal = Nanotons.Zero, UnlocksAt = null };
        Paid.Add((participant, amount));
        Move(account, StakeMovementKind.Withdrawn, amount);
        return true;
    }

    public bool Slash(TonAddress participant, ulong number, Nanotons amount)
    {
        if (!_accounts.TryGetValue(participant, out var account))
            return false;
        if (account.Slashes.TryGetValue(number, out var executed))
            return executed == amount;
        if (!amount.IsPositive || amount > account.State.Stake)
            return false;
        var stake = account.State.Stake - amount;
        account.State = account.State with { Stake = stake, Withdrawal = Nanotons.Min(account.State.Withdrawal, stake) };
        account.Slashes.Add(number, amount);
        var half = new Nanotons(amount.Value / 2);
        (Burned, Treasury) = (Burned + half, Treasury + amount - half);
        Move(account, StakeMovementKind.Slashed, amount, number);
        return true;
    }

    public bool Suspend(TonAddress participant, DateTimeOffset? until)
    {
        if (!_accounts.TryGetValue(participant, out var account) || until > now() + TimeSpan.FromDays(30))
            return false;
        account.State = account.State with { SuspendedUntil = until };
        account.LastLogicalTime = ++_logicalTime;
        return true;
    }

    /// <summary>Does what the operator's wallet was told to bring about.</summary>
    public bool CarryOut(StakeCommand command, DateTimeOffset suspendedUntil) => command.Kind switch
    {
        StakeCommandKind.Suspend => Suspend(command.Participant, suspendedUntil),
        StakeCommandKind.Release => Suspend(command.Participant, null),
        StakeCommandKind.Slash => Slash(command.Participant, command.Slash!.NumberOnChain, command.Amount),
        StakeCommandKind.Complete => Complete(command.Participant),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    public StakeReading Read(TonAddress participant, long after, int limit)
    {
        if (!_accounts.TryGetValue(participant, out var account))
            return new(StakeAccountState.Empty(participant), [], now(), [], after, true);
        var all = account.Movements.Where(m => m.LogicalTime > after).ToList();
        var page = all.Take(limit).ToList();
        var isAll = page.Count == all.Count;
        return new(account.State, [.. account.Slashes.Keys], now(), page, Math.Max(after, isAll ? account.LastLogicalTime : page[^1].LogicalTime), isAll);
    }

    private void Move(Account account, StakeMovementKind kind, Nanotons amount, ulong? slash = null)
    {
        account.LastLogicalTime = ++_logicalTime;
        account.Movements.Add(new(account.LastLogicalTime, $"stake-{account.LastLogicalTime:x58}", kind, amount, slash, now()));
    }
}
