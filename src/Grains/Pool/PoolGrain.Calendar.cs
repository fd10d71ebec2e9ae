using CocoonPool.Domain.Epochs;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Grains.Pool;

// The calendar: which epoch is open, which is due, and who waits how long for a closing.
public sealed partial class PoolGrain
{
    /// <summary>How long others may have to wait for their turn because of an epoch: closing a large one takes far longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<Outcome<EpochClosing>> FinalizeEpoch(FinalizeEpoch command)
    {
        if (!record.State.Created)
            return Outcome<EpochClosing>.From(NoSuchPool());
        await epochs.OpenUntil(PoolId, time.GetUtcNow());
        if (await OldestOpenEpoch() is not { } epoch)
            return Outcome<EpochClosing>.Refused("no_open_epoch", "There is no open epoch; the calendar opens one within a second.");
        var now = time.GetUtcNow();
        var end = command.Early && now < epoch.End ? EpochCalendar.WholeMilliseconds(now) : epoch.End;
        if (end <= epoch.Start)
            return Outcome<EpochClosing>.Refused("epoch_empty", $"Epoch {epoch.Number} has only just begun; there is nothing to close yet.");
        if (!command.DryRun && !EpochCalendar.IsDue(end, command.Early ? TimeSpan.Zero : record.State.EpochGrace, now))
            return Outcome<EpochClosing>.Refused("epoch_not_over", $"Epoch {epoch.Number} ends at {epoch.End:u} and takes late receipts for {record.State.EpochGrace} more; it closes by itself then.");
        if (command.DryRun)
            return await EpochGrain(epoch.Number).Preview(end);
        return await InPatience(EpochGrain(epoch.Number).Close(end))
            ?? Outcome<EpochClosing>.Done(new(epoch.Number, epoch.Revenue, epoch.Fee, epoch.Participants, "", DryRun: false, Finished: false));
    }

    private void WatchCalendar() =>
        this.RegisterGrainTimer(_ => FollowCalendar(), new GrainTimerCreationOptions(settings.CalendarPeriod, settings.CalendarPeriod) { KeepAlive = true });

    public async Task FollowCalendar()
    {
        if (!record.State.Created)
            return;
        await ApplyDueProposals();
        await FollowMaintenance();
        var now = time.GetUtcNow();
        await epochs.OpenUntil(PoolId, now);
        foreach (var epoch in await epochs.Unsettled(PoolId))
        {
            // What is not done in time goes on by itself and is asked for again at the next tick; later epochs have to wait for it anyway.
            var goesOn = false;
            if (epoch.Phase == EpochState.Closing || (epoch.Phase == EpochState.Open && EpochCalendar.IsDue(epoch.End, record.State.EpochGrace, now)))
                goesOn = await InPatience(EpochGrain(epoch.Number).Close(epoch.End)) is null;
            else if (epoch.Phase is EpochState.Finalized or EpochState.Settling)
                goesOn = await InPatience(GrainFactory.GetGrain<ISettlementGrain>(GrainKeys.Epoch(PoolId, epoch.Number)).Begin()) is null;
            if (goesOn)
                break;
        }
        await InspectMisconduct();
    }

    /// <summary>
    /// The answer, or null when it takes longer than others may wait for the pool. The call is not taken back: who works on it finishes
    /// it, and answers whoever asks next.
    /// </summary>
    private async Task<T?> InPatience<T>(Task<T> answer)
        where T : class
    {
        try
        {
            return await answer.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task<EpochDescription?> OldestOpenEpoch() =>
        (await epochs.Unsettled(PoolId)).FirstOrDefault(e => e.Phase == EpochState.Open);

    private IEpochGrain EpochGrain(EpochNumber number) => GrainFactory.GetGrain<IEpochGrain>(GrainKeys.Epoch(PoolId, number));
}
