namespace CocoonPool.Client.Launcher.Workspace;

/// <summary>Where the parts of this checkout are. The script that starts the launcher says so; without it the solution file shows the way.</summary>
public sealed class Checkout
{
    private readonly string _configuration;

    private Checkout(string root, string artifacts, string configuration)
    {
        Root = root;
        Artifacts = artifacts;
        _configuration = configuration;
    }

    public string Root { get; }

    /// <summary>The folder with one folder per built project.</summary>
    public string Artifacts { get; }

    /// <summary>
    /// The same checkout with the programs of the Orleans engine, or null: they were not built, since their packages cannot be restored
    /// everywhere. <c>./cocoon test</c> names the folder of what it has built; an old build is never taken by chance.
    /// </summary>
    public Checkout? ForOrleans()
    {
        var named = Environment.GetEnvironmentVariable("COCOON_ORLEANS_ARTIFACTS");
        var artifacts = string.IsNullOrEmpty(named) ? Artifacts : named;
        return File.Exists(Path.Combine(artifacts, "Silo", "debug", "Orleans.Runtime.dll")) ? new Checkout(Root, artifacts, "debug") : null;
    }

    public string Contracts => Path.Combine(Root, "contracts");

    public string ConsoleProject => Path.Combine(Root, "src", "Console");

    public static Checkout Find()
    {
        var root = Environment.GetEnvironmentVariable("COCOON_ROOT") ?? Above(AppContext.BaseDirectory);
        var artifacts = Environment.GetEnvironmentVariable("COCOON_ARTIFACTS") ?? Path.Combine(root, "artifacts", "local", "bin");
        return new Checkout(root, artifacts, "debug");
    }

    /// <summary>The same checkout with the programs of another build, for instance <c>release</c>, which is what is measured.</summary>
    public Checkout Built(string configuration) => new(Root, Artifacts, configuration);

    /// <summary>A built program, for instance <c>Program("Silo", "cocoon-silo")</c>.</summary>
    public string Program(string project, string assembly)
    {
        var path = Path.Combine(Artifacts, project, _configuration, assembly + ".dll");
        return File.Exists(path) ? path : throw new LauncherException($"{path} is missing; start the launcher through ./cocoon, which builds it.");
    }

    /// <summary>A compiled entry point of the contracts package, for instance <c>Script("localnet/main.js")</c>.</summary>
    public string Script(string name)
    {
        var path = Path.Combine(Contracts, "build", name);
        return File.Exists(path) ? path : throw new LauncherException($"{path} is missing; start the launcher through ./cocoon, which builds it.");
    }

    private static string Above(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "CocoonOrleans.sln")))
                return at.FullName;
        }

        throw new LauncherException("The checkout is not found; set COCOON_ROOT to the folder with CocoonOrleans.sln.");
    }
}
