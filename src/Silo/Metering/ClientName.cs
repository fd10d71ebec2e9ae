using CocoonPool.Adapters.Postgres.Admin;

namespace CocoonPool.Silo.Metering;

/// <summary>Whose balance a caller uses.</summary>
public static class ClientName
{
    private const string PersonMark = "person:";

    /// <summary>
    /// The subject of a key. A person has a balance apart: accounts are named by administrators and clients by operators, and a person who
    /// happens to be called like a client must not spend what the client paid in.
    /// </summary>
    public static string Of(KeyHolder holder) => holder.Session is null ? holder.Subject : $"{PersonMark}{holder.Subject}";

    /// <summary>A name that no key may have: it would share a person's balance.</summary>
    public static bool IsOfAPerson(string subject) => subject.StartsWith(PersonMark, StringComparison.Ordinal);
}
