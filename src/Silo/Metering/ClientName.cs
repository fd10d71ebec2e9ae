using CocoonPool.Adapters.Postgres.Admin;

namespace CocoonPool.Silo.Metering;

/// <summary>Whose balance a caller uses.</summary>
public static class ClientName
{
    /// <summary>
    /// The subject of a key. A person has a balance apart: accounts are named by administrators and clients by operators, and a person who
    /// happens to be called like a client must not spend what the client paid in.
    /// </summary>
    public static string Of(KeyHolder holder) => holder.Session is null ? holder.Subject : $"person:{holder.Subject}";
}
