using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>The durable state of a participant grain.</summary>
[GenerateSerializer, Alias("cocoon.ParticipantRecord")]
public sealed record ParticipantRecord
{
    public const int InitialReputation = 500;

    [Id(0)] public bool Registered { get; init; }
    [Id(1)] public ParticipantState State { get; init; }
    [Id(2)] public DateTimeOffset JoinedAt { get; init; }
    [Id(3)] public TonAddress PayoutAddress { get; init; }
    [Id(4)] public Nanotons MinPayout { get; init; }
    [Id(5)] public int Reputation { get; init; } = InitialReputation;

    /// <summary>GPUs of every worker that was allowed to take work, by worker id.</summary>
    [Id(6)] public Dictionary<string, int> Workers { get; init; } = [];

    /// <summary>The suspension, if there is one, came from the stake alone.</summary>
    [Id(7)] public bool SuspendedBelowTier { get; init; }
}
