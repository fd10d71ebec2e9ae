using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains;

/// <summary>The string keys of the grains: the pool's id, or the pool's id and the thing's own name after a slash.</summary>
public static class GrainKeys
{
    public static string Participant(string poolId, TonAddress address) => $"{poolId}/{address}";
    public static string Worker(string poolId, WorkerId worker) => $"{poolId}/{worker}";
    public static string Epoch(string poolId, EpochNumber number) => $"{poolId}/{number}";

    /// <summary>Takes a key of two parts apart.</summary>
    /// <exception cref="FormatException">The key has no slash.</exception>
    public static (string PoolId, string Name) Split(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? (key[..slash], key[(slash + 1)..]) : throw new FormatException($"'{key}' is not '<pool>/<name>'.");
    }
}
