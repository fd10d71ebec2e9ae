using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>
/// Judges the pool from outside: it keeps books of its own from what clients were told and what the chain did, replays the ledger with
/// rules of its own, and objects to whatever contradicts them. It knows the rows of the database and nothing of how the grains work.
/// </summary>
public sealed class Auditor : IChainWatcher
{
    private const int Enough = 20;

    private readonly List<string> _objections = [];
    private readonly LedgerAuditor _ledger;
    private readonly EpochAuditor _epochs;
    private readonly StakeAuditor _stakes;
    private readonly ContributionAuditor _contributions;
    private readonly ChainAuditor _chain;
    private readonly JournalAuditor _journal;

    /// <param name="clock">The pool's.</param>
    public Auditor(PoolDatabase database, Func<DateTimeOffset> clock)
    {
        _ledger = new(database, Object);
        _stakes = new(database, _ledger, Object);
        _epochs = new(database, clock, Object);
        _contributions = new(database, Object);
        _chain = new(database, Object);
        _journal = new(database, Object);
    }

    /// <summary>The stake accounts on chain, to be compared with the books.</summary>
    public void WatchStakes(StakeAccountsModel stakes) => _stakes.Chain = stakes;

    public IReadOnlyList<string> Objections => _objections;

    public bool Objects => _objections.Count > 0;

    /// <summary>What clients were told about contributions.</summary>
    public ContributionAuditor Contributions => _contributions;

    /// <summary>What clients were told to be so, until they are told otherwise.</summary>
    public AcknowledgedFacts Facts { get; } = new();

    public void Object(string objection)
    {
        if (_objections.Count < Enough)
            _objections.Add(objection);
    }

    /// <summary>After every commit: only what is new is looked at.</summary>
    public void Committed()
    {
        _ledger.Committed();
        _stakes.Committed();
        _epochs.Committed();
        _contributions.Committed();
        _journal.Committed();
    }

    public void Sent(WalletMessage message, ChainModel chain) => _chain.Sent(message, chain);

    public void Paid(WalletMessage message, ChainModel chain) => _chain.Paid(message);

    public void Claimed(int epoch, Payment payment, ChainModel chain) => _chain.Claimed(epoch, payment);

    public void Received(IncomingPayment payment) => _chain.Received(payment);

    /// <summary>Everything at once, when nothing has gone wrong for a while.</summary>
    /// <param name="now">By the pool's clock.</param>
    /// <param name="elapsed">By the simulation's.</param>
    public void JudgeAtTheEnd(DateTimeOffset now, TimeSpan elapsed, ChainModel chain, SimulatedReminders reminders)
    {
        Committed();
        _contributions.JudgeAtTheEnd(elapsed);
        _epochs.JudgeAtTheEnd(now);
        _stakes.JudgeAtTheEnd();
        _chain.JudgeAtTheEnd(chain, _ledger.Balance("chain:distribution"));
        _ledger.JudgeAtTheEnd();
        new LivenessAuditor(Object).JudgeAtTheEnd(now, reminders, _epochs);
    }
}

/// <summary>Which reminders are left at the end, by the keys of their grains.</summary>
public sealed record SimulatedReminders(IReadOnlyList<(string GrainType, string Key, string Name)> Rows);
