using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>The durable state of a participant grain. Id 5 was the reputation, which lies in the directory alone since epochs move it.</summary>
[GenerateSerializer, Alias("cocoon.ParticipantRecord")]
public sealed record ParticipantRecord
{
    [Id(0)] public bool Registered { get; init; }
    [Id(1)] public ParticipantState State { get; init; }
    [Id(2)] public DateTimeOffset JoinedAt { get; init; }
    [Id(3)] public TonAddress PayoutAddress { get; init; }
    [Id(4)] public Nanotons MinPayout { get; init; }

    /// <summary>GPUs of every worker that was allowed to take work, by worker id.</summary>
    [Id(6)] public Dictionary<string, int> Workers { get; init; } = [];

    /// <summary>The suspension, if there is one, came from the stake alone.</summary>
    [Id(7)] public bool SuspendedBelowTier { get; init; }
    [Id(8)] public PayoutSchedule Schedule { get; init; }
    [Id(9)] public TonAddress? NextPayoutAddress { get; init; }
    [Id(10)] public DateTimeOffset? NextPayoutFrom { get; init; }
    [Id(11)] public DateTimeOffset? ClaimRequestedAt { get; init; }
    [Id(12)] public TonAddress? Referrer { get; init; }
    [Id(13)] public string? SuspendedBecause { get; init; }

    /// <summary>Oldest first; the last one is the only one that may not have ended.</summary>
    [Id(14)] public List<WithdrawalDescription> Withdrawals { get; init; } = [];

    /// <summary>Where a cancelled full withdrawal leads back to.</summary>
    [Id(15)] public ParticipantState StateBeforeWithdrawal { get; init; }

    /// <summary>Counts the changes, so that the directory's row is known to be behind or not.</summary>
    [Id(16)] public long Revision { get; init; }

    /// <summary>See <see cref="Notifications"/>.</summary>
    [Id(17)] public string[] Muted { get; init; } = [];

    /// <summary>The logical time of the last movement on chain that the withdrawals have followed.</summary>
    [Id(18)] public long FollowedTo { get; init; }

    public PayoutDestination Destination => new(PayoutAddress, NextPayoutAddress, NextPayoutFrom ?? default);
}
