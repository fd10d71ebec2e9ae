using CocoonPool.TestKit;
using Npgsql;

[assembly: AssemblyFixture(typeof(CocoonPool.Engine.Contract.EngineFixture))]

namespace CocoonPool.Engine.Contract;

/// <summary>One engine that the tests share which need no host of their own, and databases for those that do.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    public EngineHost Host { get; private set; } = null!;

    public string Connection { get; private set; } = null!;

    public IGrainFactory Grains => Host.Grains;

    public Probe Probe => Host.Probe;

    /// <summary>A database with the schema of the engines.</summary>
    public static async Task<string> NewDatabaseAsync(string name)
    {
        var server = await PostgresServer.SharedAsync();
        var connection = await server.CreateDatabaseAsync(name);
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(Schema("up"));
        command.AllResultTypesAreUnknown = false;
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public static string Schema(string direction)
    {
        using var reader = new StreamReader(typeof(EngineFixture).Assembly.GetManifestResourceStream($"orleans-adonet.{direction}.sql")!);
        return reader.ReadToEnd();
    }

    public async ValueTask InitializeAsync()
    {
        Connection = await NewDatabaseAsync("contract");
        Host = await EngineHost.StartAsync(Connection);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await (await PostgresServer.SharedAsync()).DisposeAsync();
    }
}
