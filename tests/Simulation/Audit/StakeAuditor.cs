using CocoonPool.Domain.Participants;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>
/// After every commit: what the books have of a stake, with what final slashes wait to take of it, is what the chain had at the point up to
/// which it was read. At the end that point is the present, and every final slash was executed.
/// </summary>
internal sealed class StakeAuditor(PoolDatabase database, LedgerAuditor ledger, Action<string> objectTo)
{
    private int _read;

    public StakeAccountsModel? Chain { get; set; }

    public void Committed()
    {
        if (Chain is null || _read == database.Ledger.Lines.Count)
            return;
        _read = database.Ledger.Lines.Count;
        foreach (var participant in Chain.Participants)
            Compare(participant, database.StakeAccounts.TryGetValue(participant, out var account) ? account.Cursor : 0);
    }

    public void JudgeAtTheEnd()
    {
        if (Chain is not { } chain)
            return;
        var longAgo = chain.Now - PoolTimes.Bound;
        foreach (var participant in chain.Participants)
        {
            Compare(participant, long.MaxValue);
            var account = chain.State(participant);
            if (account.Withdrawal.IsPositive && account.UnlocksAt < longAgo && !database.Slashes.Values.Any(s => s.Participant == participant && s.TakesStake))
                objectTo($"the withdrawal of {participant} was due at {account.UnlocksAt:u} and is not paid");
        }

        foreach (var slash in database.Slashes.Values.Where(s => s.AwaitsExecution && s.EndedAt < longAgo && chain.State(s.Participant).Stake.IsPositive))
            objectTo($"slash {slash.Id} is final since {slash.EndedAt:u} and was never executed");
    }

    private void Compare(TonAddress participant, long logicalTime)
    {
        var booked = ledger.Balance($"participant:{participant}:stake");
        var pending = database.Slashes.Values.Where(s => s.Participant == participant && s.AwaitsExecution).Sum(s => s.Amount.Value);
        var onChain = Chain!.StakeAt(participant, logicalTime).Value;
        if (booked + pending != onChain)
            objectTo($"the books have a stake of {booked} and {pending} to be slashed for {participant}, and the chain had {onChain} at {logicalTime}");
    }
}
