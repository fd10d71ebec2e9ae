using System.Security.Cryptography;
using System.Text;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>
/// The signature of a hello: ECDSA P-256 over SHA-256 of
/// <c>"cocoon-worker-hello/1\n" pool "\n" nonce "\n" worker-id</c>, IEEE P1363 (64 bytes). Pool and nonce are inside so that
/// neither another pool nor another stream can use it a second time.
/// </summary>
public static class HelloProof
{
    private const DSASignatureFormat Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

    public static byte[] Sign(ECDsa key, string pool, string nonce, string workerId) =>
        key.SignData(SignedText(pool, nonce, workerId), HashAlgorithmName.SHA256, Format);

    /// <summary>False also for a public key that is none or lies on another curve.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature, string pool, string nonce, string workerId)
    {
        using var key = WorkerPublicKey.TryImport(publicKey);
        return key is not null && key.VerifyData(SignedText(pool, nonce, workerId), signature, HashAlgorithmName.SHA256, Format);
    }

    private static byte[] SignedText(string pool, string nonce, string workerId) =>
        Encoding.UTF8.GetBytes($"cocoon-worker-hello/1\n{pool}\n{nonce}\n{workerId}");
}
