using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Grains.Pool;

/// <summary>The durable state of a pool grain.</summary>
[GenerateSerializer, Alias("cocoon.PoolRecord")]
public sealed record PoolRecord
{
    [Id(0)] public bool Created { get; init; }
    [Id(1)] public string Name { get; init; } = "";
    [Id(2)] public TonAddress OperatorWallet { get; init; }
    [Id(3)] public PoolState State { get; init; }
    [Id(4)] public string? StateReason { get; init; }
    [Id(5)] public string Parameters { get; init; } = "";
    [Id(6)] public TimeSpan EpochGrace { get; init; }

    /// <summary>What the parameters were before, oldest first, each until the moment when the next ones applied.</summary>
    [Id(7)] public List<FormerParameters> Former { get; init; } = [];

    /// <summary>Oldest first.</summary>
    [Id(8)] public List<ProposalDescription> Proposals { get; init; } = [];

    /// <summary>The command that led to the state, for telling its repeat; null in a pool that has only been created.</summary>
    [Id(9)] public PoolCommand? LastCommand { get; init; }

    /// <summary>Announced and running maintenance windows, and the last ones that are over.</summary>
    [Id(10)] public List<MaintenanceDescription> Windows { get; init; } = [];

    /// <summary>How many there ever were: the next one's name.</summary>
    [Id(11)] public int WindowsAnnounced { get; init; }
}

/// <param name="Until">Exclusive.</param>
[GenerateSerializer, Immutable, Alias("cocoon.FormerParameters")]
public sealed record FormerParameters([property: Id(0)] DateTimeOffset Until, [property: Id(1)] string Parameters);
