namespace CocoonPool.Engine.Local;

/// <summary>
/// The tables of both engines as migration texts, each to be run in one transaction. Orleans reads its statements from
/// them too, so a schema made here serves a cluster unchanged.
/// </summary>
public static class OrleansSchema
{
    /// <summary>Makes the tables and fills in the statements.</summary>
    public static string Up { get; } = Read("up");

    /// <summary>Drops the tables with everything in them.</summary>
    public static string Down { get; } = Read("down");

    private static string Read(string direction)
    {
        var name = $"{typeof(OrleansSchema).Namespace}.Storage.Sql.orleans-adonet.{direction}.sql";
        using var reader = new StreamReader(typeof(OrleansSchema).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
