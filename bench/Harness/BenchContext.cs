using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.TestKit;
using Npgsql;

namespace CocoonPool.Bench.Harness;

/// <summary>What the harness lends to a benchmark.</summary>
public sealed class BenchContext(Checkout checkout, bool quick, Action<string> say, CancellationToken cancellationToken) : IAsyncDisposable
{
    private Task<PostgresServer>? _postgres;

    /// <summary>Small sizes and few rounds: shows that a benchmark works, not how fast anything is.</summary>
    public bool Quick { get; } = quick;

    /// <summary>How often each figure is measured. The round before them, for warming up, does not count.</summary>
    public int Rounds => Quick ? 2 : 5;

    /// <summary>How long one figure of one round is measured.</summary>
    public TimeSpan Slice => TimeSpan.FromSeconds(Quick ? 0.3 : 2);

    /// <summary>How long endurance is measured when <c>--minutes</c> says so; otherwise a benchmark chooses something short.</summary>
    public TimeSpan? Soak { get; init; }

    public TimeProvider Time => TimeProvider.System;

    public Checkout Checkout { get; } = checkout;

    public CancellationToken Cancellation { get; } = cancellationToken;

    /// <summary>The size to use: the whole one, or the small one of a quick run.</summary>
    public int Size(int whole, int quickly) => Quick ? quickly : whole;

    /// <summary>Prints one line of progress.</summary>
    public void Say(string line) => say(line);

    /// <summary>
    /// An empty database on the benchmarks' own PostgreSQL, which writes durably (fsync, synchronous commit): figures of a
    /// server that may forget would flatter. Bring the schema with the product's own Migrator.
    /// </summary>
    /// <param name="connections">At most so many at once.</param>
    public async Task<string> Database(string name, int connections = 80) =>
        new NpgsqlConnectionStringBuilder(await (await Postgres()).CreateDatabaseAsync(name)) { MaxPoolSize = connections }.ConnectionString;

    /// <summary>A program of this checkout in the build that is being measured, for instance <c>Program("Silo", "cocoon-silo")</c>.</summary>
    public string Program(string project, string assembly)
    {
        // …/bin/Bench/release/ → …/bin/PROJECT/release/ASSEMBLY.dll
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, assembly + ".dll");
        return File.Exists(path) ? path : throw new NotMeasurableException($"{path} is missing; start the benchmarks through ./cocoon bench, which builds it.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
            await (await _postgres).DisposeAsync();
    }

    private Task<PostgresServer> Postgres() => _postgres ??= PostgresServer.StartAsync(durable: true);
}
