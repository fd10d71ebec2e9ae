using System.Security.Cryptography;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>Reads workers' public keys: SubjectPublicKeyInfo DER, curve P-256, nothing after it.</summary>
public static class WorkerPublicKey
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Null when the bytes are not such a key.</summary>
    public static ECDsa? TryImport(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
            if (read == subjectPublicKeyInfo.Length && string.Equals(key.ExportParameters(false).Curve.Oid.Value, P256, StringComparison.Ordinal))
                return key;
        }
        catch (Exception problem) when (problem is CryptographicException or PlatformNotSupportedException)
        {
            // Not a key: the answer below says so.
        }
        key.Dispose();
        return null;
    }
}
