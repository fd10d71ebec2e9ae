using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Grains;

namespace CocoonPool.Silo.Api;

/// <summary>Whether what somebody came in with is worth anything still. For whoever stays: a request is over before it matters.</summary>
public sealed class StandingCheck(Sessions sessions, ApiKeys keys, PoolSettings settings)
{
    /// <summary>False once the session has ended, its role has changed, or the key was revoked. While the database is away nobody is shown out.</summary>
    public async Task<bool> Stands(KeyHolder holder, CancellationToken cancellationToken)
    {
        try
        {
            return holder.Session is { } session
                ? await sessions.Find(settings.Id, session, cancellationToken) is { } now && string.Equals(now.Role, holder.Role, StringComparison.Ordinal)
                : await keys.IsLive(settings.Id, holder.KeyId, cancellationToken);
        }
        catch (Npgsql.NpgsqlException)
        {
            return true;
        }
    }
}
