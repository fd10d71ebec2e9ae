using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

// Active and suspended: by the stake, and by the operator.
public sealed partial class ParticipantGrain
{
    public async Task<Outcome<ParticipantDescription>> Suspend(string reason)
    {
        if (!record.State.Registered)
            return NotRegistered<ParticipantDescription>();
        if (record.State.State == ParticipantState.Suspended)
        {
            // Whatever it was suspended for: from now on a top-up does not lift it.
            record.State = record.State with { SuspendedBelowTier = false, SuspendedBecause = reason };
            await Write();
            return await Review();
        }
        return await Command(ParticipantCommand.Suspend, reason);
    }

    public async Task<Outcome<ParticipantDescription>> Unsuspend()
    {
        if (!record.State.Registered)
            return NotRegistered<ParticipantDescription>();
        if (record.State.State == ParticipantState.Active)
            return Outcome<ParticipantDescription>.Done(await DescribeNow());
        var (counting, required) = ((await Position()).Counting, await RequiredStake());
        return counting < required
            ? Outcome<ParticipantDescription>.Refused("stake_below_tier", $"The stake lacks {(required - counting).ToTonString()} TON of its tier; the participant tops it up first.")
            : await Command(ParticipantCommand.Unsuspend, null);
    }

    /// <summary>Compares the stake in the books with the tier, moves the state if it has to move, and refreshes the directory.</summary>
    private async Task<Outcome<ParticipantDescription>> Review()
    {
        var transition = ParticipantLifecycle.Apply(record.State.State, await StakeCommand());
        if (transition.Accepted && transition.To != record.State.State)
            await Move(transition.To, BelowTier, belowTier: transition.To == ParticipantState.Suspended);

        // Also when nothing changed: this repairs a directory row that a crash left behind the grain.
        var now = await DescribeNow();
        await directory.Save(PoolId, now, record.State.Revision);
        return Outcome<ParticipantDescription>.Done(now);
    }

    /// <summary>Writes the grain's state, announced to the directory first: an epoch that closes between this and the directory's row asks this grain.</summary>
    private Task Write()
    {
        record.State = record.State with { Revision = DurableState.NextRevision(record.State.Revision, time) };
        return this.WriteOrEnd(record, () => directory.Announce(PoolId, Address, record.State.Revision));
    }

    private async Task<Outcome<ParticipantDescription>> Command(ParticipantCommand command, string? reason)
    {
        var transition = ParticipantLifecycle.Apply(record.State.State, command, record.State.StateBeforeWithdrawal);
        if (!transition.Accepted)
            return Illegal<ParticipantDescription>(transition.Refusal!);
        await Move(transition.To, reason, belowTier: false);
        return await Review();
    }

    private async Task Move(ParticipantState to, string? reason, bool belowTier)
    {
        var from = record.State.State;
        record.State = record.State with { State = to, SuspendedBelowTier = belowTier, SuspendedBecause = to == ParticipantState.Suspended ? reason : null };
        await Write();
        var now = await DescribeNow();
        LogStateChanged(Address.ToString(), from, to, now.Stake, now.RequiredStake);
        await Tell($"state/{time.GetUtcNow().ToUnixTimeMilliseconds()}", "participant_state_changed", new { from, to, reason = record.State.SuspendedBecause });
    }

    /// <summary>A suspension whose only cause was the stake ends with the top-up; one that an operator ordered does not.</summary>
    private async Task<ParticipantCommand> StakeCommand()
    {
        if ((await Position()).Counting < await RequiredStake())
            return ParticipantCommand.StakeFellBelowTier;
        return record.State is { State: ParticipantState.Suspended, SuspendedBelowTier: true } ? ParticipantCommand.Unsuspend : ParticipantCommand.StakeReachedTier;
    }

    private Outcome<T> Illegal<T>(string refusal)
        where T : class => Outcome<T>.Refused("illegal_transition", $"{refusal}: the participant is {record.State.State.ToString().ToLowerInvariant()}.");
}
