using System.Text.Json;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Grains.Pool;

// Maintenance that is announced: windows in which the pool takes no new work.
public sealed partial class PoolGrain
{
    /// <summary>Windows that are over are kept for reading, so many of them.</summary>
    private const int MostOver = 50;

    public async Task<Outcome<MaintenanceDescription>> AnnounceMaintenance(DateTimeOffset start, DateTimeOffset end, string reason)
    {
        if (!record.State.Created)
            return Outcome<MaintenanceDescription>.From(NoSuchPool());
        var windows = record.State.Windows;
        if (windows.Find(w => w.ToDomain().IsPending && w.Start == start && w.End == end && string.Equals(w.Reason, reason, StringComparison.Ordinal)) is { } same)
            return Outcome<MaintenanceDescription>.Done(same);
        if (MaintenanceRules.RefusalOf(start, end, time.GetUtcNow(), windows.Select(w => w.ToDomain())) is { } refusal)
        {
            return Outcome<MaintenanceDescription>.Refused(
                refusal, $"A window lasts up to {MaintenanceRules.Longest.TotalHours} hours, is announced {MaintenanceRules.Notice.TotalHours} hours ahead and overlaps no other; what cannot wait is started at once, without times.");
        }
        var window = new MaintenanceDescription($"m{record.State.WindowsAnnounced + 1}", start, end, reason, MaintenanceState.Announced);
        record.State = record.State with { Windows = [.. windows, window], WindowsAnnounced = record.State.WindowsAnnounced + 1 };
        await this.WriteOrEnd(record);
        await Tell(window);
        return Outcome<MaintenanceDescription>.Done(window);
    }

    public async Task<Outcome<MaintenanceDescription>> CancelMaintenance(string windowId)
    {
        if (record.State.Windows.Find(w => string.Equals(w.Id, windowId, StringComparison.Ordinal)) is not { } window)
            return Outcome<MaintenanceDescription>.Refused("not_found", $"There is no maintenance window '{windowId}'.");
        if (window.State == MaintenanceState.Cancelled)
            return Outcome<MaintenanceDescription>.Done(window);
        if (window.State != MaintenanceState.Announced)
            return Outcome<MaintenanceDescription>.Refused("illegal_transition", $"The window is {window.State.ToString().ToLowerInvariant()}; a running maintenance is ended, not cancelled.");
        var cancelled = window with { State = MaintenanceState.Cancelled };
        record.State = record.State with { Windows = Replaced(cancelled) };
        await this.WriteOrEnd(record);
        await Tell(cancelled);
        return Outcome<MaintenanceDescription>.Done(cancelled);
    }

    public Task<MaintenanceDescription[]> MaintenanceWindows() => Task.FromResult(record.State.Windows.OrderByDescending(w => w.Start).ToArray());

    /// <summary>
    /// Begins and ends what is due. The pool's state and the window's are one write; a pool that is paused or closed stays that, and its
    /// window passes.
    /// </summary>
    private async Task FollowMaintenance()
    {
        var now = time.GetUtcNow();
        foreach (var window in record.State.Windows.Where(w => w.ToDomain().At(now) != w.State).OrderBy(w => w.Start).ToList())
        {
            var due = window with { State = window.ToDomain().At(now) };
            var command = due.State == MaintenanceState.Running ? PoolCommand.StartMaintenance : PoolCommand.EndMaintenance;
            var transition = PoolLifecycle.Apply(record.State.State, command);
            record.State = record.State with { Windows = Replaced(due) };
            if (transition.Accepted && (command == PoolCommand.StartMaintenance || window.State == MaintenanceState.Running))
            {
                record.State = record.State with
                {
                    State = transition.To,
                    StateReason = command == PoolCommand.StartMaintenance ? due.Reason : null,
                    LastCommand = command,
                };
            }
            await this.WriteOrEnd(record);
            LogMaintenance(PoolId, due.Id, due.State, record.State.State);
            await Tell(due);
        }
    }

    /// <summary>A maintenance that is ended by hand takes its window with it; otherwise that would end the next one too.</summary>
    private List<MaintenanceDescription> WindowsAfter(PoolCommand command) => command != PoolCommand.EndMaintenance
        ? record.State.Windows
        : [.. record.State.Windows.Select(w => w.State == MaintenanceState.Running ? w with { State = MaintenanceState.Ended } : w)];

    private List<MaintenanceDescription> Replaced(MaintenanceDescription window)
    {
        var all = record.State.Windows.ConvertAll(w => string.Equals(w.Id, window.Id, StringComparison.Ordinal) ? window : w);
        var over = all.Where(w => !w.ToDomain().IsPending).OrderByDescending(w => w.Start).Skip(MostOver).ToHashSet();
        all.RemoveAll(over.Contains);
        return all;
    }

    private Task Tell(MaintenanceDescription window) => events.Append(PoolId, new(
        $"maintenance/{window.Id}/{window.State}", time.GetUtcNow(), $"maintenance_{window.State.ToString().ToLowerInvariant()}", null,
        JsonSerializer.Serialize(new { window.Id, startsAt = window.Start, endsAt = window.End, window.Reason, window.State }, DomainJson.Told)));
}
