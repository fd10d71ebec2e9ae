using System.Collections.Concurrent;

namespace CocoonPool.Engine.Local;

/// <summary>Reminders in memory, for deterministic tests; give the object to a second engine to survive a restart.</summary>
public sealed class MemoryReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderRow> _rows = new();

    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ReminderRow>>([.. _rows.Values]);

    public Task<IReadOnlyList<ReminderRow>> ReadAsync(GrainId grainId)
        => Task.FromResult<IReadOnlyList<ReminderRow>>([.. _rows.Values.Where(r => r.GrainId == grainId)]);

    public Task<ReminderRow> UpsertAsync(GrainId grainId, string name, DateTime startAt, TimeSpan period) => Task.FromResult(_rows.AddOrUpdate(
        (grainId, name),
        _ => new ReminderRow(grainId, name, startAt, period, "0"),
        (_, held) => held with { StartAt = startAt, Period = period, ETag = $"{int.Parse(held.ETag) + 1}" }));

    public Task<bool> RemoveAsync(ReminderRow row) => Task.FromResult(_rows.TryRemove(new((row.GrainId, row.Name), row)));
}
