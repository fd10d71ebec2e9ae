using System.Diagnostics.CodeAnalysis;

namespace CocoonPool.Engine.Local;

/// <summary>A timer of one activation: nothing of it survives the activation.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets the time until the next tick and between ticks; during a tick it takes effect when the tick ends.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>When and how a grain timer ticks. <see cref="Timeout.InfiniteTimeSpan"/> means never for either time.</summary>
public readonly struct GrainTimerCreationOptions()
{
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    public required TimeSpan DueTime { get; init; }

    public required TimeSpan Period { get; init; }

    /// <summary>Whether a tick runs at any await of the grain's requests rather than in turn with them.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the activation never becomes idle.</summary>
    public bool KeepAlive { get; init; }
}
