namespace CocoonPool.Grains;

/// <summary>How silos, their clients and the rows in the database know that they belong together.</summary>
public static class ClusterIdentity
{
    public const string Id = "cocoon-pool";
}
