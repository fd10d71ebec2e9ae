using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers.Polling;

/// <summary>
/// The signature of a polling request: the header <c>X-Worker-Signature: unix-ms.base64</c>, ECDSA P-256 with SHA-256 over
/// <c>"cocoon-worker-request/1\n" pool "\n" path "\n" unix-ms "\n" sha256-of-the-body-in-hex</c>, IEEE P1363 (64 bytes).
/// </summary>
public static class PollProof
{
    public const string Header = "X-Worker-Signature";

    private const DSASignatureFormat Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

    public static string Sign(ECDsa key, string pool, string path, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var moment = now.ToUnixTimeMilliseconds();
        return $"{moment}.{Convert.ToBase64String(key.SignData(SignedText(pool, path, moment, body), HashAlgorithmName.SHA256, Format))}";
    }

    /// <summary>
    /// Null unless the header proves the request; otherwise what was signed, as a name to see a repetition by. The signature itself
    /// would be none: whoever has one ECDSA signature can make a second one of it.
    /// </summary>
    public static string? Verify(ReadOnlySpan<byte> publicKey, string header, string pool, string path, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var dot = header.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || !long.TryParse(header.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var moment)
            || Math.Abs(now.ToUnixTimeMilliseconds() - moment) > LinkLimits.PollClockTolerance.TotalMilliseconds)
            return null;
        var signature = new byte[64];
        if (!Convert.TryFromBase64Chars(header.AsSpan(dot + 1), signature, out var length) || length != signature.Length)
            return null;
        using var key = WorkerPublicKey.TryImport(publicKey);
        var text = SignedText(pool, path, moment, body);
        return key is not null && key.VerifyData(text, signature, HashAlgorithmName.SHA256, Format) ? Convert.ToHexStringLower(SHA256.HashData(text)) : null;
    }

    private static byte[] SignedText(string pool, string path, long moment, ReadOnlySpan<byte> body) => Encoding.UTF8.GetBytes(
        $"cocoon-worker-request/1\n{pool}\n{path}\n{moment.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToHexStringLower(SHA256.HashData(body))}");
}
