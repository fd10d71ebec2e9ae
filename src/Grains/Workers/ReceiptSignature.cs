using System.Security.Cryptography;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Grains.Workers;

/// <summary>How a worker signs a batch of receipts, and how that is checked.</summary>
public static class ReceiptSignature
{
    /// <summary>What is signed: a label that no other protocol uses, then the 32 bytes of the Merkle root.</summary>
    public static byte[] SignedBytes(byte[] root) => [.. "cocoon-receipts/1\n"u8, .. root];

    /// <summary>The tree over the batch's receipts, when the batch hangs together: root over exactly these, signed with this key. Null otherwise.</summary>
    /// <param name="publicKey">ECDSA P-256, SubjectPublicKeyInfo DER.</param>
    public static MerkleLevels? Open(SignedReceipts batch, byte[] publicKey)
    {
        var tree = new MerkleLevels(Array.ConvertAll(batch.Receipts, r => MerkleTree.LeafHash(r.Canonical)));
        var root = tree.Root;
        if (!root.AsSpan().SequenceEqual(batch.Root) || batch.Signature.Length != 64)
            return null;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(SignedBytes(root), batch.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) ? tree : null;
    }

    /// <summary>The inclusion path of one receipt in one byte string: per step one byte for the side (1 = sibling is left) and 32 for the hash.</summary>
    public static byte[] InclusionProof(MerkleLevels tree, int index)
    {
        var steps = tree.Proof(index);
        var proof = new byte[steps.Length * (1 + MerkleTree.HashLength)];
        for (var i = 0; i < steps.Length; i++)
        {
            var step = proof.AsSpan(i * (1 + MerkleTree.HashLength));
            step[0] = steps[i].SiblingIsLeft ? (byte)1 : (byte)0;
            steps[i].Sibling.CopyTo(step[1..]);
        }
        return proof;
    }

    /// <summary>The steps of <see cref="InclusionProof"/>, from the receipt up to the root.</summary>
    public static IReadOnlyList<MerkleStep> Path(byte[] inclusionProof) => [.. inclusionProof.Chunk(33).Select(step => new MerkleStep(step[1..], step[0] == 1))];

    /// <summary>Is this a public key that the pool can use? P-256 only, so that every platform verifies it alike.</summary>
    public static bool IsUsableKey(byte[] publicKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            return read == publicKey.Length && key.KeySize == 256;
        }
        catch (Exception problem) when (problem is CryptographicException or PlatformNotSupportedException)
        {
            // The platform says the second about a point that is not on the curve.
            return false;
        }
    }
}
