namespace CocoonPool.Client.Launcher.Workspace;

/// <summary>One running pool's files: secrets, logs, records of running processes, database and chain.</summary>
public sealed class StateDirectory
{
    private const string MarkName = ".cocoon-state";

    public StateDirectory(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    public string Logs => In("logs");

    public string Run => In("run");

    public string Secrets => In("secrets");

    public string Wallets => In("wallets");

    public string Agents => In("agents");

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Log(string service) => System.IO.Path.Combine(Logs, service + ".log");

    public bool Exists => File.Exists(In(MarkName));

    public void Create()
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(In(MarkName), "State of a Cocoon Pool on this machine; `./cocoon down` stops what runs here.\n");
        foreach (var directory in (string[])[Logs, Run, Wallets, Agents])
            Directory.CreateDirectory(directory);
        Directory.CreateDirectory(Secrets);
        File.SetUnixFileMode(Secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Removes everything, but only from a folder that this launcher made: a mistyped --state must not cost somebody's files.</summary>
    public void Remove()
    {
        if (!Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any())
            return;
        if (!Exists)
            throw new LauncherException($"{Path} is not a state folder of the pool and is not empty; choose another one with --state.");
        Directory.Delete(Path, recursive: true);
    }
}
