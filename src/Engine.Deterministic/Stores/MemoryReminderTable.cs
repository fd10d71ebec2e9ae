using CocoonPool.Engine.Local;

namespace CocoonPool.Engine.Deterministic;

/// <summary>Reminders in memory; give the object to a second engine to survive a restart.</summary>
public sealed class MemoryReminderTable(StoreOperations? operations = null) : IReminderTable
{
    private readonly StoreOperations _operations = operations ?? StoreOperations.Immediate;
    private readonly Lock _lock = new();
    private readonly Dictionary<GrainId, List<ReminderRow>> _rows = [];

    // In the order of names: that of a dictionary would depend on the process's string hashes.
    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken) => PerformAsync<IReadOnlyList<ReminderRow>>(
        "read all", () => [.. _rows.Values.SelectMany(r => r).OrderBy(r => r.GrainId.ToString(), StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal)]);

    public Task<IReadOnlyList<ReminderRow>> ReadAsync(GrainId grainId)
        => PerformAsync<IReadOnlyList<ReminderRow>>($"read {grainId}", () => [.. _rows.GetValueOrDefault(grainId) ?? []]);

    public Task<ReminderRow> UpsertAsync(GrainId grainId, string name, DateTime startAt, TimeSpan period) => PerformAsync($"set {grainId} {name}", () =>
    {
        var version = Remove(grainId, name, null) is { } held ? int.Parse(held.ETag) + 1 : 0;
        var row = new ReminderRow(grainId, name, startAt, period, version.ToString());
        if (!_rows.TryGetValue(grainId, out var rows)) _rows.Add(grainId, rows = []);
        rows.Add(row);
        return row;
    });

    public Task<bool> RemoveAsync(ReminderRow row)
        => PerformAsync($"remove {row.GrainId} {row.Name}", () => Remove(row.GrainId, row.Name, row.ETag) is not null);

    private ReminderRow? Remove(GrainId grainId, string name, string? version)
    {
        if (!_rows.TryGetValue(grainId, out var rows)) return null;
        var found = rows.Find(r => string.Equals(r.Name, name, StringComparison.Ordinal) && (version is null || string.Equals(r.ETag, version, StringComparison.Ordinal)));
        if (found is not null) rows.Remove(found);
        if (rows.Count == 0) _rows.Remove(grainId);
        return found;
    }

    private Task<T> PerformAsync<T>(string operation, Func<T> effect) => _operations.PerformAsync("reminders", operation, () =>
    {
        lock (_lock) return effect();
    });
}
