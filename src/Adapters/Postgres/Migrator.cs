using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CocoonPool.Adapters.Postgres;

/// <summary>One step of the schema, from the SQL files of this assembly.</summary>
public sealed record Migration(int Version, string Name, string Up, string Down)
{
    /// <summary>SHA-256 of the Up text: a file that was changed after it ran is noticed.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Up)));
}

/// <summary>The database is not in a state that this version may work on.</summary>
public sealed class SchemaException(string message) : Exception(message);

/// <summary>
/// Brings a database to this version's schema: ordered SQL files, each in a transaction of its own, under one advisory lock so
/// that hosts which start together run each step once.
/// </summary>
public sealed class Migrator(NpgsqlDataSource database)
{
    private const long LockKey = 0x436F636F6F6E; // "Cocoon"

    /// <summary>All steps of this version, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <summary>Runs what is missing. Answers the versions that were run.</summary>
    /// <exception cref="SchemaException">The database is newer than this version, or a step that ran has been changed since.</exception>
    public async Task<IReadOnlyList<int>> Up(CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Execute(connection, null, $"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            var applied = await Applied(connection, cancellationToken);
            Check(applied);
            var run = new List<int>();
            foreach (var migration in All.Where(m => !applied.ContainsKey(m.Version)))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await Execute(connection, transaction, migration.Up, cancellationToken);
                await using var insert = new NpgsqlCommand("insert into schema_migrations (version, name, checksum) values ($1, $2, $3)", connection, transaction)
                {
                    Parameters = { new() { Value = migration.Version }, new() { Value = migration.Name }, new() { Value = migration.Checksum } },
                };
                await insert.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                run.Add(migration.Version);
            }
            return run;
        }
        finally
        {
            await Execute(connection, null, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>Undoes the newest step that ran; for development and for a rollback that was rehearsed.</summary>
    public async Task<Migration?> Down(CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Execute(connection, null, $"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            var applied = await Applied(connection, cancellationToken);
            Check(applied);
            if (applied.Count == 0)
                return null;
            var migration = All.Single(m => m.Version == applied.Keys.Max());
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await Execute(connection, transaction, migration.Down, cancellationToken);
            await Execute(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"delete from schema_migrations where version = {migration.Version}"), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return migration;
        }
        finally
        {
            await Execute(connection, null, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>Throws unless the schema is exactly this version's.</summary>
    /// <exception cref="SchemaException">It is older, newer or changed; the message says what to do.</exception>
    public async Task Verify(CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var applied = await Applied(connection, cancellationToken);
        Check(applied);
        if (All.FirstOrDefault(m => !applied.ContainsKey(m.Version)) is { } missing)
            throw new SchemaException($"The database lacks migration {missing.Version} ({missing.Name}); start in Development once, or run the migrations.");
    }

    private static void Check(SortedDictionary<int, string> applied)
    {
        foreach (var (version, checksum) in applied)
        {
            var known = All.FirstOrDefault(m => m.Version == version)
                ?? throw new SchemaException($"The database has migration {version}, which this version does not know: it was used by a newer one. Start that version instead.");
            if (!string.Equals(known.Checksum, checksum, StringComparison.Ordinal))
                throw new SchemaException($"Migration {version} ({known.Name}) ran with another text than this version has: the schema is not what it says. Restore a backup or a matching version.");
        }
    }

    private static async Task<SortedDictionary<int, string>> Applied(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await Execute(connection, null, "create table if not exists schema_migrations (version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())", cancellationToken);
        await using var select = new NpgsqlCommand("select version, checksum from schema_migrations", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var applied = new SortedDictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken))
            applied[reader.GetInt32(0)] = reader.GetString(1);
        return applied;
    }

    private static async Task Execute(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static List<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var texts = assembly.GetManifestResourceNames().Where(n => n.StartsWith("migrations/", StringComparison.Ordinal)).ToDictionary(
            n => n["migrations/".Length..],
            n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                return reader.ReadToEnd();
            },
            StringComparer.Ordinal);
        return [.. texts.Keys.Where(n => n.EndsWith(".up.sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(up =>
        {
            var name = up[..^".up.sql".Length];
            return new Migration(int.Parse(name[..4], CultureInfo.InvariantCulture), name[5..], texts[up], texts[$"{name}.down.sql"]);
        })];
    }
}
