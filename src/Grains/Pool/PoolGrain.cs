using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Pool;

/// <inheritdoc cref="IPoolGrain"/>
public sealed partial class PoolGrain(
    [PersistentState("pool", "pool")] IPersistentState<PoolRecord> record,
    IEpochStore epochs,
    IParticipantDirectory participants,
    IWorkerDirectory workers,
    ISlashStore slashes,
    IMisconductReports reports,
    IPoolEvents events,
    IAuditJournal journal,
    PoolSettings settings,
    TimeProvider time,
    ILogger<PoolGrain> log) : Grain, IPoolGrain, IRemindable
{
    private const string CalendarReminder = "calendar";

    private string PoolId => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (record.State.Created)
            WatchCalendar();
        await base.OnActivateAsync(cancellationToken);
    }

    public async Task<Outcome> Create(PoolDefinition definition)
    {
        var parameters = PoolParametersJson.Read(definition.Parameters);
        var mistakes = parameters.Validate();
        if (mistakes.Count > 0)
            return Outcome.Refused("invalid_parameters", string.Join(" ", mistakes));
        if (record.State.Created)
            return Outcome.Done;

        // The calendar and the reminders come first: a pool that says it exists always has an open epoch, and is woken after a restart.
        var now = time.GetUtcNow();
        var first = EpochCalendar.First(now, parameters.EpochDuration);
        await epochs.CreateCalendar(PoolId, first.Start, first.End, parameters.EpochDuration);
        await this.RegisterOrUpdateReminder(CalendarReminder, settings.WakePeriod, settings.WakePeriod);
        await this.RegisterOrUpdateReminder(DowntimeReminder, DowntimePeriod, DowntimePeriod);
        record.State = new()
        {
            Created = true,
            Name = definition.Name,
            OperatorWallet = definition.OperatorWallet,
            State = PoolState.Active,
            Parameters = definition.Parameters,
            EpochGrace = definition.EpochGrace,
        };
        await this.WriteOrEnd(record);
        WatchCalendar();
        LogCreated(PoolId, first.Start, first.End);
        return Outcome.Done;
    }

    public async Task<PoolDescription?> Describe()
    {
        if (!record.State.Created)
            return null;
        var state = record.State;
        var open = await OldestOpenEpoch();
        return new(PoolId, state.Name, state.OperatorWallet, state.State, state.StateReason, state.Parameters, state.EpochGrace,
            await participants.Seats(PoolId), open?.Number ?? EpochNumber.First);
    }

    public Task<PoolTerms?> Terms() =>
        Task.FromResult(record.State.Created ? new PoolTerms(
            record.State.State, record.State.Parameters, record.State.OperatorWallet, record.State.Windows.Find(w => w.State == MaintenanceState.Running)?.End) : null);

    public Task<Outcome> Pause(string reason) => Change(PoolCommand.Pause, reason);

    public Task<Outcome> Resume() => Change(PoolCommand.Resume, null);

    public Task<Outcome> StartMaintenance(string reason) => Change(PoolCommand.StartMaintenance, reason);

    public Task<Outcome> EndMaintenance() => Change(PoolCommand.EndMaintenance, null);

    public Task<Outcome> Close(string reason) => Change(PoolCommand.Close, reason);

    public async Task<Outcome> Admit(TonAddress participant)
    {
        if (!record.State.Created)
            return NoSuchPool();
        if (record.State.State != PoolState.Active)
            return Outcome.Refused("pool_not_active", $"The pool is {record.State.State.ToString().ToLowerInvariant()}; join when it is active again.");
        var limit = PoolParametersJson.Read(record.State.Parameters).MaxParticipants;
        return await participants.TakeSeat(PoolId, participant, limit)
            ? Outcome.Done
            : Outcome.Refused("pool_full", $"The pool has its {limit} participants; ask the operator to raise max_participants.");
    }

    // The activation itself restarts the timer; the calendar's reminder only has to bring the grain to life after a restart.
    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        string.Equals(reminderName, DowntimeReminder, StringComparison.Ordinal) ? InspectDowntime() : Task.CompletedTask;

    private async Task<Outcome> Change(PoolCommand command, string? reason)
    {
        if (!record.State.Created)
            return NoSuchPool();
        if (PoolLifecycle.IsRepeat(record.State.LastCommand, record.State.StateReason, command, reason))
            return Outcome.Done;
        var transition = PoolLifecycle.Apply(record.State.State, command);
        if (!transition.Accepted)
            return Outcome.Refused("illegal_transition", $"{transition.Refusal}: the pool is {record.State.State.ToString().ToLowerInvariant()}.");
        record.State = record.State with { State = transition.To, StateReason = reason, LastCommand = command, Windows = WindowsAfter(command) };
        await this.WriteOrEnd(record);
        LogStateChanged(PoolId, transition.From, transition.To, reason);
        return Outcome.Done;
    }

    private Outcome NoSuchPool() => Outcome.Refused("not_found", $"There is no pool '{PoolId}'; the operator creates it first.");
}
