using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Pool;

namespace CocoonPool.Grains.Epochs;

/// <summary>One epoch: closes it exactly once and keeps its result. Key: <c>pool/number</c>.</summary>
[Alias("cocoon.IEpochGrain")]
public interface IEpochGrain : IGrainWithStringKey
{
    [Alias("Describe")]
    Task<EpochDescription?> Describe();

    /// <summary>Closes the epoch with this end, or goes on where an interrupted closing stopped; a closed one answers its result again.</summary>
    [Alias("Close")]
    Task<Outcome<EpochClosing>> Close(DateTimeOffset end);

    /// <summary>What a closing with this end would give now; changes nothing.</summary>
    [Alias("Preview")]
    Task<Outcome<EpochClosing>> Preview(DateTimeOffset end);
}

[GenerateSerializer, Immutable, Alias("cocoon.EpochDescription")]
public sealed record EpochDescription(
    [property: Id(0)] EpochNumber Number,
    [property: Id(1)] EpochState Phase,
    [property: Id(2)] DateTimeOffset Start,
    [property: Id(3)] DateTimeOffset End,
    [property: Id(4)] Nanotons Revenue,
    [property: Id(5)] Nanotons Fee,
    [property: Id(6)] Nanotons CarriedOver,
    [property: Id(7)] string? MerkleRoot,
    [property: Id(8)] string? BundleHash,
    [property: Id(9)] int Participants);
