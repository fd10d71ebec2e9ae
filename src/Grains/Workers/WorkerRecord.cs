using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Workers;

/// <summary>The durable state of a worker grain.</summary>
[GenerateSerializer, Alias("cocoon.WorkerRecord")]
public sealed record WorkerRecord
{
    [Id(0)] public WorkerRegistration? Registration { get; init; }
    [Id(1)] public WorkerState State { get; init; }
    [Id(2)] public string StateCause { get; init; } = "registered";
    [Id(3)] public DateTimeOffset StateSince { get; init; }
    [Id(4)] public string AttestationVerdict { get; init; } = "none";

    /// <summary>When the worker first became active: from then on an epoch expects uptime of it.</summary>
    [Id(5)] public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>Counts the changes, so that the directory's row is known to be behind or not.</summary>
    [Id(6)] public long Revision { get; init; }

    /// <summary>What the last activation that ended in order had seen.</summary>
    [Id(7)] public Handover? Handover { get; init; }

    /// <summary>Whether an epoch would expect another uptime of the worker now than before.</summary>
    public bool IsOtherForEpochs(WorkerRecord before) =>
        ActiveSince != before.ActiveSince || State == WorkerState.Deactivated != (before.State == WorkerState.Deactivated);
}
