using System.Security.Cryptography;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>
/// The signature under a batch of receipts: ECDSA P-256 over SHA-256 of <c>"cocoon-receipts/1\n"</c> and the 32 bytes of the
/// Merkle root over the receipts' canonical bytes, IEEE P1363 (64 bytes).
/// </summary>
public static class ReceiptSeal
{
    private const DSASignatureFormat Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> root) => key.SignData(Sealed(root), HashAlgorithmName.SHA256, Format);

    public static bool Verify(ECDsa key, ReadOnlySpan<byte> root, ReadOnlySpan<byte> signature) =>
        root.Length == 32 && key.VerifyData(Sealed(root), signature, HashAlgorithmName.SHA256, Format);

    private static byte[] Sealed(ReadOnlySpan<byte> root) => [.. "cocoon-receipts/1\n"u8, .. root];
}
