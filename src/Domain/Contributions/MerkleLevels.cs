using System.Collections.Immutable;

namespace CocoonPool.Domain.Contributions;

/// <summary>
/// All levels of a <see cref="MerkleTree"/>, hashed once: the root, and the proof of any leaf, are looked up in it. Proving every
/// leaf of a batch from its leaves alone would hash the whole tree again for each.
/// </summary>
public sealed class MerkleLevels
{
    private readonly List<IReadOnlyList<byte[]>> _levels;

    /// <param name="leafHashes">In their order; not copied.</param>
    public MerkleLevels(IReadOnlyList<byte[]> leafHashes)
    {
        _levels = [leafHashes];
        while (_levels[^1].Count > 1)
            _levels.Add(Parents(_levels[^1]));
    }

    /// <summary>Of one leaf the leaf itself, of none 32 zero bytes.</summary>
    public byte[] Root => _levels[^1] is [var root] ? [.. root] : new byte[MerkleTree.HashLength];

    /// <summary>The siblings from the leaf to the root; levels at which the node moves up alone have none.</summary>
    public ImmutableArray<MerkleStep> Proof(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _levels[0].Count);
        var steps = ImmutableArray.CreateBuilder<MerkleStep>(_levels.Count);
        for (var depth = 0; depth < _levels.Count - 1; depth++, index /= 2)
        {
            var (level, sibling) = (_levels[depth], index ^ 1);
            if (sibling < level.Count)
                steps.Add(new([.. level[sibling]], sibling < index));
        }

        return steps.ToImmutable();
    }

    private static byte[][] Parents(IReadOnlyList<byte[]> level)
    {
        var parents = new byte[(level.Count + 1) / 2][];
        for (var i = 0; i < parents.Length; i++)
            parents[i] = (2 * i) + 1 < level.Count ? MerkleTree.Node(level[2 * i], level[(2 * i) + 1]) : level[2 * i];
        return parents;
    }
}
