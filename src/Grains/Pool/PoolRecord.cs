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
}
