using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Ledger;

namespace CocoonPool.Grains.Participants;

// Stake that goes back: request, delay, hold in the books, payment by the custody, proof.
public sealed partial class ParticipantGrain
{
    private const string ReleaseReminder = "stake-release";

    private bool IsOneUnderWay => record.State.Withdrawals.LastOrDefault() is { State: WithdrawalState.Waiting or WithdrawalState.Releasing };

    public Task<WithdrawalDescription[]> Withdrawals() => Task.FromResult(record.State.Withdrawals.ToArray());

    public async Task<Outcome<WithdrawalDescription>> RequestWithdrawal(Nanotons? amount)
    {
        if (!record.State.Registered)
            return NotRegistered<WithdrawalDescription>();
        if (record.State.Withdrawals.LastOrDefault() is { State: WithdrawalState.Waiting } waiting && (amount is null ? waiting.Full : !waiting.Full && waiting.Amount == amount))
            return Outcome<WithdrawalDescription>.Done(waiting);
        var position = await Position();
        var refusal = amount is { } partial
            ? StakeWithdrawals.RefusalOfPartial(position, partial, await RequiredStake(), IsOneUnderWay)
            : StakeWithdrawals.RefusalOfFull(record.State.Workers.Values.Sum(), IsOneUnderWay);
        if (refusal is not null)
            return Outcome<WithdrawalDescription>.Refused(refusal, $"{position.Available.ToTonString()} TON are free and {(await RequiredStake()).ToTonString()} TON have to stay for {record.State.Workers.Values.Sum()} GPUs. To leave, deactivate all workers and ask for the whole stake.");
        var next = record.State;
        if (amount is null)
        {
            var transition = ParticipantLifecycle.Apply(record.State.State, ParticipantCommand.RequestFullWithdrawal);
            if (!transition.Accepted)
                return Illegal<WithdrawalDescription>(transition.Refusal!);
            next = next with { State = transition.To, StateBeforeWithdrawal = transition.From };
        }
        else if (record.State.State == ParticipantState.Withdrawn)
        {
            return Illegal<WithdrawalDescription>("participant_withdrawn");
        }
        var now = time.GetUtcNow();
        var withdrawal = new WithdrawalDescription(
            $"w{record.State.Withdrawals.Count + 1}", amount is null, amount ?? position.Balance, now, now + (await Parameters()).WithdrawalDelay,
            WithdrawalState.Waiting, Nanotons.Zero, null);
        record.State = next with { Withdrawals = [.. record.State.Withdrawals, withdrawal] };
        return await Keep(withdrawal);
    }

    public async Task<Outcome<WithdrawalDescription>> CancelWithdrawal(string withdrawalId)
    {
        if (Find(withdrawalId) is not { } withdrawal)
            return NoSuchWithdrawal(withdrawalId);
        if (StakeWithdrawals.RefusalOfCancel(withdrawal.ToDomain()) is { } refusal)
            return Outcome<WithdrawalDescription>.Refused(refusal, "The stake is on its way already; it cannot be called back.");
        if (withdrawal.State == WithdrawalState.Cancelled)
            return Outcome<WithdrawalDescription>.Done(withdrawal);
        if (withdrawal.Full)
        {
            var transition = ParticipantLifecycle.Apply(record.State.State, ParticipantCommand.CancelWithdrawal, record.State.StateBeforeWithdrawal);
            if (!transition.Accepted)
                return Illegal<WithdrawalDescription>(transition.Refusal!);
            record.State = record.State with { State = transition.To };
        }
        return await Keep(withdrawal with { State = WithdrawalState.Cancelled });
    }

    public async Task<Outcome<WithdrawalDescription>> CompleteWithdrawal(string withdrawalId)
    {
        if (Find(withdrawalId) is not { } withdrawal)
            return NoSuchWithdrawal(withdrawalId);
        if (withdrawal.State == WithdrawalState.Completed)
            return Outcome<WithdrawalDescription>.Done(withdrawal);
        if (withdrawal.State != WithdrawalState.Releasing)
        {
            var isSlashOpen = (await slashes.List(PoolId, Address)).Any(slash => slash.IsPending);
            var ruling = StakeWithdrawals.Complete(withdrawal.ToDomain(), await Position(), await RequiredStake(), isSlashOpen, time.GetUtcNow());
            if (!ruling.Accepted)
                return Outcome<WithdrawalDescription>.Refused(ruling.Refusal!, $"The withdrawal is {withdrawal.State.ToString().ToLowerInvariant()} and due at {withdrawal.DueAt:u}; a slash that is open is decided first, and the tier of the GPUs stays.");
            withdrawal = withdrawal with { State = WithdrawalState.Releasing, Released = ruling.Amount };

            // The reminder first, then the amount: whatever is interrupted from here on is carried on with this very amount.
            await this.RegisterOrUpdateReminder(ReleaseReminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            await Keep(withdrawal);
        }
        return await Release(withdrawal);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (record.State.Withdrawals.LastOrDefault() is { State: WithdrawalState.Releasing } withdrawal)
            await Release(withdrawal);
        else if (await this.GetReminder(ReleaseReminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    /// <summary>Holds the amount in the books, has it paid, and posts it once the payment is proven. Every step may be repeated.</summary>
    private async Task<Outcome<WithdrawalDescription>> Release(WithdrawalDescription withdrawal)
    {
        if (withdrawal.Released.IsPositive)
        {
            try
            {
                await ledger.Append(PoolId, [StakeTransfers.Hold(Address, withdrawal.Id, withdrawal.Released, withdrawal.DueAt)]);
            }
            catch (LedgerRefusedException refused) when (refused.Result == TransferResult.InsufficientFunds)
            {
                // A slash came between the decision and the hold: nothing was held, so it is decided anew.
                await Keep(withdrawal with { State = WithdrawalState.Waiting, Released = Nanotons.Zero });
                return Outcome<WithdrawalDescription>.Refused("stake_changed", "The stake became smaller in this moment; complete the withdrawal again.");
            }
            if (await custody.Release(PoolId, new(Address, withdrawal.Id, Address, withdrawal.Released, withdrawal.DueAt)) is not { } transaction)
                return Outcome<WithdrawalDescription>.Done(withdrawal);
            await ledger.Append(PoolId, [StakeTransfers.Release(Address, withdrawal.Id, withdrawal.Released, time.GetUtcNow())]);
            withdrawal = withdrawal with { Transaction = transaction };
        }
        if (withdrawal.Full)
            record.State = record.State with { State = ParticipantState.Withdrawn };
        return await Keep(withdrawal with { State = WithdrawalState.Completed });
    }

    private async Task<Outcome<WithdrawalDescription>> Keep(WithdrawalDescription withdrawal)
    {
        record.State = record.State with { Withdrawals = [.. record.State.Withdrawals.Select(w => string.Equals(w.Id, withdrawal.Id, StringComparison.Ordinal) ? withdrawal : w)] };
        await Write();
        LogWithdrawal(Address.ToString(), withdrawal.Id, withdrawal.State, withdrawal.State == WithdrawalState.Waiting ? withdrawal.Amount : withdrawal.Released);
        await Tell($"withdrawal/{withdrawal.Id}/{withdrawal.State}", "stake_withdrawal", withdrawal);
        await Review();
        return Outcome<WithdrawalDescription>.Done(withdrawal);
    }

    private WithdrawalDescription? Find(string withdrawalId) => record.State.Withdrawals.FirstOrDefault(w => string.Equals(w.Id, withdrawalId, StringComparison.Ordinal));

    private Outcome<WithdrawalDescription> NoSuchWithdrawal(string withdrawalId) => record.State.Registered
        ? Outcome<WithdrawalDescription>.Refused("not_found", $"There is no withdrawal '{withdrawalId}'.")
        : NotRegistered<WithdrawalDescription>();
}
