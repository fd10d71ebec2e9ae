using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Client.Launcher.Postgres;

/// <summary>
/// The account that PostgreSQL runs as. The server refuses to run as root, so root lends it the system's unprivileged account;
/// anybody else runs it as themselves.
/// </summary>
public sealed class PostgresAccount
{
    private readonly string? _name;

    private PostgresAccount(string? name) => _name = name;

    public bool IsOther => _name is not null;

    public static PostgresAccount Current()
    {
        if (!Environment.IsPrivilegedProcess)
            return new PostgresAccount(null);
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return new PostgresAccount(accounts.Contains("postgres") ? "postgres" : "nobody");
    }

    /// <summary>The command as this account runs it.</summary>
    public IReadOnlyList<string> As(params IReadOnlyList<string> command)
    {
        if (_name is null)
            return command;
        var group = string.Equals(_name, "nobody", StringComparison.Ordinal) ? "nogroup" : _name;
        return ["setpriv", $"--reuid={_name}", $"--regid={group}", "--init-groups", .. command];
    }

    public async Task Own(string path, CancellationToken cancellationToken)
    {
        if (_name is not null)
            await CommandRun.Require($"giving {path} to {_name}", ["chown", "-R", _name, path], cancellationToken);
    }

    /// <summary>Can this account reach and enter the folder? A checkout below a private home directory is out of its reach.</summary>
    public async Task<bool> CanEnter(string directory, CancellationToken cancellationToken)
    {
        var run = await CommandRun.Of(As("test", "-x", directory), cancellationToken);
        return run.ExitCode == 0;
    }
}
