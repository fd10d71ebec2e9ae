using System.Diagnostics;
using System.Text;
using Npgsql;

namespace CocoonPool.TestKit;

/// <summary>
/// A private PostgreSQL cluster for one test process, reached through a Unix socket in its own temporary directory.
/// A shell stands guard over it and stops and starts it: when this process ends, however it ends, the shell's input closes and it removes the
/// cluster. What even the shell could not remove, the next run does.
/// </summary>
/// <remarks>
/// The environment variable <c>COCOON_TEST_POSTGRES</c>, a connection string of an account that may create databases, names
/// a server to share instead. One's own server is always private: it may be stopped, and its durability is known.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string ServerVariable = "COCOON_TEST_POSTGRES";

    private const string Prefix = "cocoon-postgres-";

    private static readonly Lazy<Task<PostgresServer>> OfThisProcess = new(() =>
        Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } given ? Task.FromResult(new PostgresServer(given, null)) : StartAsync());

    private readonly Process? _guard;
    private readonly string _administration;
    private int _databases;

    private PostgresServer(string administration, Process? guard)
    {
        _administration = administration;
        _guard = guard;
    }

    /// <summary>The server that the tests of this process share; started when first asked for.</summary>
    public static Task<PostgresServer> SharedAsync() => OfThisProcess.Value;

    /// <summary>Starts a server of one's own.</summary>
    /// <param name="durable">Whether commits reach the disk; off, since tests lose nothing in a crash of the machine.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start; the message has its log.</exception>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        var guard = Guard(durable);
        var directory = await guard.StandardOutput.ReadLineAsync();
        if (directory is null)
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {await guard.StandardError.ReadToEndAsync()}");
        }

        return new PostgresServer($"Host={directory};Username=postgres;Database=postgres", guard);
    }

    /// <summary>Makes an empty database and returns how to connect to it.</summary>
    /// <param name="name">Whose it is; only a hint for whoever looks into the server.</param>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        var tidy = new string([.. name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(30)]);
        var database = $"t{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}_{tidy}";
        await using var administration = NpgsqlDataSource.Create(_administration + ";Pooling=false");
        await using var command = administration.CreateCommand($"create database {database}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_administration)
        {
            Database = database,
            MaxAutoPrepare = 30,
            NoResetOnClose = true,
            MaxPoolSize = 50,
        }.ConnectionString;
    }

    /// <summary>Ends the server at once, as a crash does: connections break, and what was not committed is gone.</summary>
    public Task Kill() => Order("kill");

    /// <summary>Starts the server again after <see cref="Kill"/>; it recovers first.</summary>
    public Task StartAgain() => Order("start");

    public async ValueTask DisposeAsync()
    {
        if (_guard is null) return;
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private async Task Order(string order)
    {
        var guard = _guard ?? throw new InvalidOperationException($"The server that {ServerVariable} names is not this process's to stop.");
        await guard.StandardInput.WriteLineAsync(order);
        await guard.StandardInput.FlushAsync();
        if (await guard.StandardOutput.ReadLineAsync() is var answer && answer != $"{order} 0")
            throw new InvalidOperationException($"PostgreSQL did not obey '{order}': {answer}.");
    }

    private static Process Guard(bool durable)
    {
        var settings = new StringBuilder("-c listen_addresses= -c max_connections=400 -c shared_buffers=64MB");
        if (!durable) settings.Append(" -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // PostgreSQL refuses to run as root, and its account must own the directory: so the whole shell runs as that account.
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "sh", "-c", Script]
            : ["sh", "-c", Script];
        start.FileName = command[0];
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment["PREFIX"] = Path.Combine(Path.GetTempPath(), Prefix);
        start.Environment["OWNER"] = $"{Environment.ProcessId}";
        start.Environment["SETTINGS"] = settings.ToString();
        start.WorkingDirectory = "/";
        return Process.Start(start)!;
    }

    private const string Script =
        """
        trap '' INT HUP TERM
        PATH="${COCOON_POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}:$PATH"
        command -v initdb >/dev/null || { echo 'initdb is not installed' >&2; exit 1; }
        remove() { pg_ctl -D "$1/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$1"; }
        for old in "$PREFIX"*; do
            owner=${old#"$PREFIX"}; owner=${owner%%-*}
            [ -d "$old" ] && [ ! -d "/proc/$owner" ] && remove "$old"
        done
        dir=$(mktemp -d "$PREFIX$OWNER-XXXXXX")
        { initdb -D "$dir/data" -U postgres --auth=trust --no-sync -E UTF8 --locale=C &&
            pg_ctl -D "$dir/data" -w -l "$dir/log" -o "-k $dir $SETTINGS" start; } >"$dir/start" 2>&1 ||
            { cat "$dir/start" "$dir/log" >&2; rm -rf "$dir"; exit 1; }
        echo "$dir"
        while read -r order; do
            case $order in
                kill) pg_ctl -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 ;;
                start) pg_ctl -D "$dir/data" -w -l "$dir/log" -o "-k $dir $SETTINGS" start >/dev/null 2>&1 ;;
            esac
            echo "$order $?"
        done
        remove "$dir"
        """;
}
