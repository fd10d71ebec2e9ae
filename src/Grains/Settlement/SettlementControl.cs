namespace CocoonPool.Grains.Settlement;

/// <summary>The durable state of a settlement grain: whether people have stopped it. The plan and the signatures are tables of their own.</summary>
[GenerateSerializer, Alias("cocoon.SettlementControl")]
public sealed record SettlementControl
{
    [Id(0)] public bool Frozen { get; init; }
    [Id(1)] public string? Reason { get; init; }

    /// <summary>How often it was frozen or resumed: each time has an audit line of its own.</summary>
    [Id(2)] public int Changes { get; init; }
}
