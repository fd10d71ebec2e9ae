using System.Net.Sockets;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Commits;

/// <summary>Tells a database that is away or overloaded, which comes back, from one that refuses what it was asked.</summary>
internal static class DatabaseAway
{
    public static bool Is(Exception problem) => problem switch
    {
        PostgresException refused => IsPassing(refused.SqlState) || refused.IsTransient,
        NpgsqlException broken => broken.IsTransient || broken.InnerException is IOException or SocketException or TimeoutException,
        IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Connection lost, resources short, shut down or starting, deadlock and serialization: all pass by themselves.</summary>
    private static bool IsPassing(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal) || state is "40001" or "40P01";
}
