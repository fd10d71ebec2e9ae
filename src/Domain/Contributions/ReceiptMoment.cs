using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Contributions;

/// <summary>What the times of a receipt are worth.</summary>
public enum ReceiptTiming
{
    /// <summary>They fit the assignment and the pool's clock: they count as claimed.</summary>
    AsClaimed = 0,

    /// <summary>Clocks differ, and the gateway saw the task end: the moment that it saw counts.</summary>
    AsSeen = 1,

    /// <summary>The task is said to end after now, and nobody saw it: a clock is wrong, and time tells. Nothing is decided yet.</summary>
    NotYet = 2,

    /// <summary>They cannot be true.</summary>
    Impossible = 3,
}

/// <summary>When a task ran as far as the books are concerned.</summary>
/// <param name="StartedAt">With the next: meaningful for <see cref="ReceiptTiming.AsClaimed"/> and <see cref="ReceiptTiming.AsSeen"/>.</param>
public readonly record struct ReceiptMoment(ReceiptTiming Timing, DateTimeOffset StartedAt = default, DateTimeOffset EndedAt = default)
{
    /// <summary>How far clocks may differ without anybody taking notice.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    /// <summary>A receipt further ahead than this would be carried about for nothing.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>
    /// Judges a receipt's times. The ticket's moment, the worker's two and now come from up to three clocks, and an honest worker must
    /// not lose its work because one of them is off: where the gateway watched the task itself, its own moment is as good a proof as
    /// any, and no worker can bend it. Without it only the ticket is left. A start before the assignment stays a lie then, for nothing
    /// tells it from a back-dated one; an end after now may become true, and a worker gains nothing from waiting for it.
    /// </summary>
    public static ReceiptMoment Of(Receipt receipt, Assignment assignment, Observation? observation, DateTimeOffset now)
    {
        if (receipt.EndedAt < receipt.StartedAt)
            return new(ReceiptTiming.Impossible);
        var backDated = receipt.StartedAt < assignment.AssignedAt - ClockTolerance;
        var ahead = receipt.EndedAt > now + ClockTolerance;
        if (!backDated && !ahead)
            return new(ReceiptTiming.AsClaimed, receipt.StartedAt, receipt.EndedAt);
        if (observation is { IsOwn: true, EndedAt: { } seen })
            return new(ReceiptTiming.AsSeen, EpochCalendar.NotAfter(assignment.AssignedAt, seen), seen);
        return new(backDated || receipt.EndedAt > now + LongestWait ? ReceiptTiming.Impossible : ReceiptTiming.NotYet);
    }
}
