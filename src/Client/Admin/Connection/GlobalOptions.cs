using System.CommandLine;

namespace CocoonPool.Client.Admin.Connection;

/// <summary>The options that every command knows.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "the pool's address, or those of its servers with commas, or COCOON_URL (default: the pool that ./cocoon up started here, else http://127.0.0.1:8080)",
        Recursive = true,
    };

    public Option<string?> KeyFile { get; } = new("--key-file")
    {
        Description = "file with the operator's API key, or COCOON_OPERATOR_KEY_FILE (default: that pool's own key)",
        Recursive = true,
    };

    public Option<string?> State { get; } = new("--state")
    {
        Description = "state folder of a pool on this machine, as in ./cocoon up --state DIR (default: .cocoon/pool of this checkout)",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "print the API's JSON as it came, for programs", Recursive = true };

    /// <summary>Read by the start script; known here so that it is no mistake behind <c>./cocoon admin</c>.</summary>
    public Option<string?> Engine { get; } = new("--engine") { Hidden = true, Recursive = true };
}
