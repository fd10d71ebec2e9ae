namespace CocoonPool.Chaos.Network;

/// <summary>What a link does to what passes through it.</summary>
/// <param name="IsCut">Connections are reset, and new ones at once.</param>
/// <param name="IsStalled">Connections stay and nothing comes through, as with a network that lost its packets.</param>
/// <param name="Delay">Added to each piece that passes. The pieces of one direction wait one after the other, as for a slow disk.</param>
public sealed record LinkWeather(bool IsCut = false, bool IsStalled = false, TimeSpan Delay = default)
{
    public static readonly LinkWeather Fair = new();
}
