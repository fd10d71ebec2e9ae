using System.Security.Cryptography;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Grains.Workers;

/// <summary>How a worker signs a batch of receipts, and how that is checked.</summary>
public static class ReceiptSignature
{
    /// <summary>What is signed: a label that no other protocol uses, then the 32 bytes of the Merkle root.</summary>
    public static byte[] SignedBytes(byte[] root) => [.. "cocoon-receipts/1\n"u8, .. root];

    /// <summary>Does the batch hang together: root over exactly these receipts, signed with this key?</summary>
    /// <param name="publicKey">ECDSA P-256, SubjectPublicKeyInfo DER.</param>
    public static bool Verify(SignedReceipts batch, byte[] publicKey)
    {
        var root = MerkleTree.Root([.. batch.Receipts.Select(r => MerkleTree.LeafHash(r.Canonical))]);
        if (!root.AsSpan().SequenceEqual(batch.Root) || batch.Signature.Length != 64)
            return false;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(SignedBytes(root), batch.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>The inclusion path of one receipt in one byte string: per step one byte for the side (1 = sibling is left) and 32 for the hash.</summary>
    public static byte[] InclusionProof(SignedReceipts batch, int index) =>
        [.. MerkleTree.Proof([.. batch.Receipts.Select(r => MerkleTree.LeafHash(r.Canonical))], index)
            .SelectMany(step => step.Sibling.Prepend(step.SiblingIsLeft ? (byte)1 : (byte)0))];

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
