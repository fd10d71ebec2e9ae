using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;
using Npgsql;

namespace CocoonPool.Client.Launcher.Postgres;

/// <summary>A private PostgreSQL of one state directory: loopback only, password required, no Unix socket to share.</summary>
public sealed class PostgresCluster
{
    public const string ServiceName = "postgres";
    private const string Superuser = "cocoon";
    private readonly PostgresBinaries _binaries;
    private readonly PostgresAccount _account;
    private readonly string _passwordFile;

    private PostgresCluster(PostgresBinaries binaries, PostgresAccount account, string dataDirectory, int port, string passwordFile)
    {
        _binaries = binaries;
        _account = account;
        DataDirectory = dataDirectory;
        Port = port;
        _passwordFile = passwordFile;
    }

    public string DataDirectory { get; }

    public int Port { get; }

    public string ConnectionString => ConnectionTo("cocoon");

    /// <summary>The same data, served at this port.</summary>
    public PostgresCluster At(int port) => new(_binaries, _account, DataDirectory, port, _passwordFile);

    /// <summary>Finds the place for the data and makes the cluster if there is none yet.</summary>
    public static async Task<PostgresCluster> Prepare(
        StateDirectory state, SecretFiles secrets, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        var account = PostgresAccount.Current();
        var data = await PlaceData(state, account, say, cancellationToken);
        var cluster = new PostgresCluster(PostgresBinaries.Find(), account, data, FreePort.Any(), secrets.DatabasePassword);
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await cluster.Initialise(cancellationToken);
        await new PostgresLeftover(data, time).Stop();
        return cluster;
    }

    public ServiceDefinition Service() => new(
        ServiceName,
        _account.As(
            _binaries.Server, "-D", DataDirectory, "-p", Port.ToString(), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "max_wal_size=256MB"),
        new ReadyWhen(Answers))
    {
        Port = Port,
        WorkingDirectory = DataDirectory,
        // Fast shutdown: sessions are rolled back and closed. On SIGTERM the server would wait for its clients.
        StopSignal = ProcessSignal.Interrupt,
    };

    public async Task CreateDatabase(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionTo("postgres"));
        await using var exists = source.CreateCommand("select 1 from pg_database where datname = 'cocoon'");
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = source.CreateCommand("create database cocoon");
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    public string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Superuser,
        Password = SecretFiles.Read(_passwordFile),
        Database = database,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    private static async Task<string> PlaceData(
        StateDirectory state, PostgresAccount account, Action<string> say, CancellationToken cancellationToken)
    {
        var inside = state.In("postgres");
        if (!account.IsOther || await account.CanEnter(state.Path, cancellationToken))
            return inside;
        var outside = new OutsideData(state);
        await outside.Create(cancellationToken);
        say($"· PostgreSQL's account cannot enter {state.Path}; the database lies in {outside.Path} instead");
        return Path.Combine(outside.Path, "postgres");
    }

    private async Task Initialise(CancellationToken cancellationToken)
    {
        // An initialisation that was cut short left no version file: it is begun anew.
        if (Directory.Exists(DataDirectory))
            Directory.Delete(DataDirectory, recursive: true);
        Directory.CreateDirectory(DataDirectory);
        var password = Path.Combine(DataDirectory + ".password");
        File.Delete(password);
        File.Copy(_passwordFile, password);
        try
        {
            await _account.Own(DataDirectory, cancellationToken);
            await _account.Own(password, cancellationToken);
            await CommandRun.Require(
                "initdb",
                _account.As(
                    _binaries.Initdb, "-D", DataDirectory, "--username=" + Superuser, "--pwfile=" + password, "--auth=scram-sha-256",
                    "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
                cancellationToken);
        }
        finally
        {
            File.Delete(password);
        }
    }

    private async Task<bool> Answers(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false;Timeout=2");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
