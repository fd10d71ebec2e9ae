namespace CocoonPool.Engine.Local;

/// <summary>A row of the reminder table. Times are UTC.</summary>
public sealed record ReminderRow(GrainId GrainId, string Name, DateTime StartAt, TimeSpan Period, string ETag) : IGrainReminder
{
    string IGrainReminder.ReminderName => Name;
}

/// <summary>Where reminders are kept.</summary>
public interface IReminderTable
{
    Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<ReminderRow>> ReadAsync(GrainId grainId);

    /// <summary>Adds the reminder or replaces the one of that name; returns it with its new ETag.</summary>
    Task<ReminderRow> UpsertAsync(GrainId grainId, string name, DateTime startAt, TimeSpan period);

    /// <summary>Whether a row with that ETag was there, and is gone now.</summary>
    Task<bool> RemoveAsync(ReminderRow row);
}
