using CocoonPool.Chaos.Network;

namespace CocoonPool.Chaos.Pool;

/// <summary>The links between the pool's processes, each through a proxy of the harness.</summary>
/// <param name="Database">Silo to PostgreSQL: slowed down it is slow storage.</param>
/// <param name="Gateway">Silo to chain gateway.</param>
/// <param name="Chain">Chain gateway to chain.</param>
/// <param name="Workers">Agents to silo; what comes back over it is heard.</param>
public sealed record ChaosLinks(TcpProxy Database, TcpProxy Gateway, TcpProxy Chain, TcpProxy Workers) : IAsyncDisposable
{
    public IReadOnlyList<(string Name, TcpProxy Link)> All => [("silo–database", Database), ("silo–gateway", Gateway), ("gateway–chain", Chain), ("agents–silo", Workers)];

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, link) in All)
            await link.DisposeAsync();
    }
}
