namespace CocoonPool.Client.Launcher.Postgres;

/// <summary>Where PostgreSQL's programs are. The start script finds or installs them and passes the folder on.</summary>
public sealed record PostgresBinaries(string Directory)
{
    public string Initdb => Path.Combine(Directory, "initdb");

    public string Server => Path.Combine(Directory, "postgres");

    public static PostgresBinaries Find()
    {
        var configured = Environment.GetEnvironmentVariable("COCOON_POSTGRES_BIN");
        if (!string.IsNullOrEmpty(configured))
            return new PostgresBinaries(configured);
        const string debian = "/usr/lib/postgresql";
        var newest = System.IO.Directory.Exists(debian)
            ? System.IO.Directory.EnumerateDirectories(debian)
                .Where(directory => int.TryParse(Path.GetFileName(directory), out _) && File.Exists(Path.Combine(directory, "bin", "initdb")))
                .MaxBy(directory => int.Parse(Path.GetFileName(directory)))
            : null;
        return newest is not null
            ? new PostgresBinaries(Path.Combine(newest, "bin"))
            : throw new LauncherException("PostgreSQL is not found; start through ./cocoon, or set COCOON_POSTGRES_BIN to the folder with initdb.");
    }
}
