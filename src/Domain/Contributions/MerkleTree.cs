using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace CocoonPool.Domain.Contributions;

/// <summary>One step from a leaf towards the root.</summary>
/// <param name="Sibling">The other child of the parent, 32 bytes.</param>
/// <param name="SiblingIsLeft">Whether the sibling is the left child.</param>
public readonly record struct MerkleStep(byte[] Sibling, bool SiblingIsLeft);

/// <summary>
/// A SHA-256 Merkle tree: leaf = SHA256(0x00 ‖ data), node = SHA256(0x01 ‖ left ‖ right), so that a node can never be
/// shown as a leaf. An odd last node of a level moves up unchanged, so that no leaf is counted twice. The contract that
/// pays claims computes the same.
/// </summary>
public static class MerkleTree
{
    public const int HashLength = 32;

    /// <summary>No tree of ours is deeper, so a longer proof is refused before it costs anything.</summary>
    private const int MaxDepth = 64;

    public static byte[] LeafHash(ReadOnlySpan<byte> data)
    {
        var rented = ArrayPool<byte>.Shared.Rent(1 + data.Length);
        try
        {
            rented[0] = 0x00;
            data.CopyTo(rented.AsSpan(1));
            return SHA256.HashData(rented.AsSpan(0, 1 + data.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The root over the leaf hashes in their order; of one leaf the leaf itself, of none 32 zero bytes.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leafHashes) => new MerkleLevels(leafHashes).Root;

    /// <summary>The siblings from the leaf to the root. Whoever wants several proofs asks <see cref="MerkleLevels"/>, which hashes the tree once.</summary>
    public static ImmutableArray<MerkleStep> Proof(IReadOnlyList<byte[]> leafHashes, int index) => new MerkleLevels(leafHashes).Proof(index);

    /// <summary>Whether the proof leads from the leaf to the root. False for anything malformed.</summary>
    public static bool Verify(byte[] leafHash, IReadOnlyList<MerkleStep> proof, byte[] root)
    {
        if (leafHash.Length != HashLength || root.Length != HashLength || proof.Count > MaxDepth)
            return false;
        var hash = leafHash;
        foreach (var step in proof)
        {
            if (step.Sibling is not { Length: HashLength })
                return false;
            hash = step.SiblingIsLeft ? Node(step.Sibling, hash) : Node(hash, step.Sibling);
        }

        return CryptographicOperations.FixedTimeEquals(hash, root);
    }

    internal static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> data = stackalloc byte[1 + (2 * HashLength)];
        data[0] = 0x01;
        left.CopyTo(data[1..]);
        right.CopyTo(data[(1 + HashLength)..]);
        return SHA256.HashData(data);
    }
}
