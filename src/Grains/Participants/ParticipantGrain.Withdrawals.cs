using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

// Stake that is asked back: announced here, asked for and paid on chain.
public sealed partial class ParticipantGrain
{
    private bool IsOneUnderWay => record.State.Withdrawals.LastOrDefault() is { State: WithdrawalState.Waiting };

    public Task<WithdrawalDescription[]> Withdrawals() => Task.FromResult(record.State.Withdrawals.ToArray());

    public async Task<Outcome<WithdrawalDescription>> RequestWithdrawal(Nanotons? amount)
    {
        if (!record.State.Registered)
            return NotRegistered<WithdrawalDescription>();
        if (record.State.Withdrawals.LastOrDefault() is { State: WithdrawalState.Waiting } waiting && (amount is null ? waiting.Full : !waiting.Full && waiting.Amount == amount))
            return Outcome<WithdrawalDescription>.Done(waiting);
        if (StakeWithdrawals.RefusalOfAnother(record.State.Withdrawals.Select(w => w.RequestedAt), time.GetUtcNow()) is { } tooMany)
            return Outcome<WithdrawalDescription>.Refused(tooMany, $"{StakeWithdrawals.MostInADay} withdrawals were announced within a day; wait, or ask your stake account on chain.");
        var position = await Position();
        var refusal = amount is { } partial
            ? StakeWithdrawals.RefusalOfPartial(position, partial, await RequiredStake(), IsOneUnderWay)
            : StakeWithdrawals.RefusalOfFull(record.State.Workers.Values.Sum(), IsOneUnderWay);
        if (refusal is not null)
            return Outcome<WithdrawalDescription>.Refused(refusal, $"{position.Available.ToTonString()} TON are free and {(await RequiredStake()).ToTonString()} TON have to stay for {record.State.Workers.Values.Sum()} GPUs. To leave, deactivate all workers and ask for the whole stake.");
        if (amount is null)
        {
            var transition = ParticipantLifecycle.Apply(record.State.State, ParticipantCommand.RequestFullWithdrawal);
            if (!transition.Accepted)
                return Illegal<WithdrawalDescription>(transition.Refusal!);
        }
        else if (record.State.State == ParticipantState.Withdrawn)
        {
            return Illegal<WithdrawalDescription>("participant_withdrawn");
        }
        var now = time.GetUtcNow();
        var withdrawal = new WithdrawalDescription(
            $"w{record.State.Withdrawals.Count + 1}", amount is null, amount ?? position.Balance, now, now + (await Parameters()).WithdrawalDelay,
            WithdrawalState.Waiting, Nanotons.Zero, null);
        await Keep([.. record.State.Withdrawals, withdrawal]);
        return Outcome<WithdrawalDescription>.Done(withdrawal);
    }

    public async Task<Outcome<WithdrawalDescription>> CancelWithdrawal(string withdrawalId)
    {
        if (Find(withdrawalId) is not { } withdrawal)
            return NoSuchWithdrawal(withdrawalId);
        if (StakeWithdrawals.RefusalOfCancel(withdrawal.ToDomain()) is { } refusal)
            return Outcome<WithdrawalDescription>.Refused(refusal, "The stake account pays it, or has paid it; only your wallet can cancel there, with CancelWithdrawal.");
        if (withdrawal.State == WithdrawalState.Cancelled)
            return Outcome<WithdrawalDescription>.Done(withdrawal);
        var cancelled = withdrawal with { State = WithdrawalState.Cancelled };
        await Keep([.. record.State.Withdrawals.Select(w => string.Equals(w.Id, withdrawalId, StringComparison.Ordinal) ? cancelled : w)]);
        return Outcome<WithdrawalDescription>.Done(cancelled);
    }

    public async Task<Outcome<WithdrawalDescription>> CompleteWithdrawal(string withdrawalId)
    {
        if (Find(withdrawalId) is null)
            return NoSuchWithdrawal(withdrawalId);
        if (await FollowStake() is { Accepted: false } unread)
            return Outcome<WithdrawalDescription>.Refused(unread.Refusal!, unread.Message);
        var withdrawal = Find(withdrawalId)!;
        var isSlashOpen = (await slashes.List(PoolId, Address)).Any(slash => slash.TakesStake);
        return StakeWithdrawals.RefusalOfCompletion(withdrawal.ToDomain(), isSlashOpen, time.GetUtcNow()) is { } refusal
            ? Outcome<WithdrawalDescription>.Refused(refusal, $"The withdrawal is {withdrawal.State.ToString().ToLowerInvariant()}, {(withdrawal.OnChain ? "is" : "is not")} asked for on chain by your wallet, and is due at {withdrawal.DueAt:u}; a slash is decided first.")
            : Outcome<WithdrawalDescription>.Done(withdrawal);
    }

    /// <summary>Writes the withdrawals with the state that follows from them, and tells what changed.</summary>
    private async Task Keep(IReadOnlyList<WithdrawalDescription> withdrawals, long? followedTo = null)
    {
        var before = record.State.Withdrawals;
        record.State = WithStateOf(withdrawals) with { Withdrawals = [.. withdrawals], FollowedTo = followedTo ?? record.State.FollowedTo };
        await (record.State.Registered ? Write() : this.WriteOrEnd(record));
        foreach (var withdrawal in withdrawals.Except(before))
        {
            LogWithdrawal(Address.ToString(), withdrawal.Id, withdrawal.State, withdrawal.State == WithdrawalState.Completed ? withdrawal.Released : withdrawal.Amount);
            await Tell($"withdrawal/{withdrawal.Id}/{withdrawal.State}{(withdrawal is { OnChain: true, State: WithdrawalState.Waiting } ? "/on-chain" : "")}", "stake_withdrawal", withdrawal);
        }

        if (record.State.Registered)
            await Review();
    }

    /// <summary>Withdrawing while the whole stake is asked back, withdrawn once it is paid, and back where it was when that is called off.</summary>
    private ParticipantRecord WithStateOf(IReadOnlyList<WithdrawalDescription> withdrawals)
    {
        var state = record.State;
        var last = withdrawals.Count > 0 ? withdrawals[^1] : null;
        ParticipantCommand command;

        // Whoever asks for everything on chain while workers are registered does not leave: they are below their tier.
        if (last is { Full: true, State: WithdrawalState.Waiting } && state is { Registered: true, Workers.Count: 0 })
            command = ParticipantCommand.RequestFullWithdrawal;
        else if (state.State == ParticipantState.Withdrawing)
            command = last is { Full: true, State: WithdrawalState.Completed } ? ParticipantCommand.CompleteWithdrawal : ParticipantCommand.CancelWithdrawal;
        else
            return state;
        var transition = ParticipantLifecycle.Apply(state.State, command, state.StateBeforeWithdrawal);
        if (!transition.Accepted)
            return state;
        return state with { State = transition.To, StateBeforeWithdrawal = transition.To == ParticipantState.Withdrawing ? transition.From : state.StateBeforeWithdrawal };
    }

    private WithdrawalDescription? Find(string withdrawalId) => record.State.Withdrawals.FirstOrDefault(w => string.Equals(w.Id, withdrawalId, StringComparison.Ordinal));

    private Outcome<WithdrawalDescription> NoSuchWithdrawal(string withdrawalId) => record.State.Registered
        ? Outcome<WithdrawalDescription>.Refused("not_found", $"There is no withdrawal '{withdrawalId}'.")
        : NotRegistered<WithdrawalDescription>();
}
