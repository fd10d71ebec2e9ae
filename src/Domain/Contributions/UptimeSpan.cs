using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Contributions;

/// <summary>An unbroken stretch of one worker's credited uptime in one epoch. All spans of an epoch make its uptime, and can be added up again.</summary>
public readonly record struct UptimeSpan(TonAddress Participant, EpochNumber Epoch, int Gpus, DateTimeOffset Since, DateTimeOffset Until)
{
    public long GpuMilliseconds => new UptimePart(Epoch, Since, Until).GpuMilliseconds(Gpus);

    /// <summary>Both as one span, when the next one goes on where this one ends, for the same participant, epoch and GPUs; else null.</summary>
    public UptimeSpan? Join(UptimeSpan next) =>
        next.Since == Until && next.Participant == Participant && next.Epoch == Epoch && next.Gpus == Gpus ? this with { Until = next.Until } : null;
}
