namespace CocoonPool.Silo.Workers;

/// <summary>Where a stream comes from.</summary>
/// <param name="Address">The network address.</param>
/// <param name="Network">What limits count by.</param>
public readonly record struct LinkSource(string Address, string Network)
{
    /// <summary>An agent inside the cluster, whose certificate was checked before.</summary>
    public static readonly LinkSource Cluster = new("cluster", "cluster");
}

/// <summary>Is told of everybody who opened a stream and could not prove to be a worker.</summary>
public interface IRefusedLinks
{
    /// <param name="worker">Who it said it is; null when it did not say so in a way that can be read.</param>
    /// <param name="code">Why it was refused.</param>
    Task Note(LinkSource source, string? worker, string code);
}
