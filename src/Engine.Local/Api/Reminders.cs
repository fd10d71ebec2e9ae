using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Local;

/// <summary>A grain that reminders can wake. A tick may come late, once too often or not at all: decide from state, not from the count.</summary>
public interface IRemindable : IGrain
{
    Task ReceiveReminder(string reminderName, TickStatus status);
}

/// <summary>A persistent reminder of one grain.</summary>
public interface IGrainReminder
{
    string ReminderName { get; }
}

/// <summary>When a reminder was first due, how often it comes, and when this tick was sent. All times are UTC.</summary>
[GenerateSerializer, Immutable]
public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
{
    [Id(0)]
    public DateTime FirstTickTime { get; } = firstTickTime;

    [Id(1)]
    public TimeSpan Period { get; } = period;

    [Id(2)]
    public DateTime CurrentTickTime { get; } = timeStamp;
}

/// <summary>The reminders of a grain. Each member is one round trip to the reminder table.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Makes the reminder or changes its times.</summary>
    /// <exception cref="ArgumentException">The period is below <see cref="LocalEngineOptions.MinimumReminderPeriod"/>, or a time is negative.</exception>
    /// <exception cref="InvalidOperationException">The grain is not <see cref="IRemindable"/>.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
        => grain is IRemindable
            ? Service(grain).RegisterAsync(grain.GrainContext.GrainId, reminderName, dueTime, period)
            : throw new InvalidOperationException($"{grain.GrainContext.GrainId} is not {nameof(IRemindable)}.");

    /// <summary>Removes the reminder; removing one that is gone already is no failure.</summary>
    /// <exception cref="ReminderException">The reminder was changed since <paramref name="reminder"/> was read.</exception>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
        => Service(grain).UnregisterAsync(grain.GrainContext.GrainId, reminder);

    /// <summary>The reminder of that name, or null.</summary>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
        => Service(grain).GetAsync(grain.GrainContext.GrainId, reminderName);

    /// <summary>Every reminder of the grain.</summary>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => Service(grain).GetAllAsync(grain.GrainContext.GrainId);

    private static ReminderService Service(IGrainBase grain) => grain.GrainContext.ActivationServices.GetRequiredService<ReminderService>();
}
