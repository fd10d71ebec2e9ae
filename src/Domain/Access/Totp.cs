using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace CocoonPool.Domain.Access;

/// <summary>
/// Time-based one-time passwords of RFC 6238 as every authenticator app makes them: HMAC-SHA-1, 30 seconds, 6 digits. A code is
/// believed one step early or late, because clocks differ, and only once: whoever reads a code over a shoulder comes too late.
/// </summary>
public static class Totp
{
    /// <summary>Bytes of a seed; RFC 4226 asks for at least 16 and recommends 20.</summary>
    public const int SeedLength = 20;

    private const int StepSeconds = 30;
    private const int Tolerance = 1;

    /// <summary>The code of a moment, 6 digits.</summary>
    public static string Code(ReadOnlySpan<byte> seed, DateTimeOffset now) => CodeOfStep(seed, StepOf(now));

    /// <summary>The step that a code belongs to, or null when it is wrong, too old, or not after the last one that was used.</summary>
    /// <param name="lastStep">The step of the last code that was accepted for this seed; 0 when there was none.</param>
    public static long? Accept(ReadOnlySpan<byte> seed, string code, DateTimeOffset now, long lastStep)
    {
        if (code is not { Length: 6 } || !code.All(char.IsAsciiDigit))
            return null;
        long? accepted = null;
        // All steps are always computed: how long it takes says nothing about which one was right.
        for (var step = StepOf(now) - Tolerance; step <= StepOf(now) + Tolerance; step++)
        {
            var right = CryptographicOperations.FixedTimeEquals(
                System.Text.Encoding.ASCII.GetBytes(CodeOfStep(seed, step)), System.Text.Encoding.ASCII.GetBytes(code));
            if (right && step > lastStep)
                accepted = step;
        }
        return accepted;
    }

    /// <summary>The seed as an authenticator app takes it: RFC 4648 base 32 without padding.</summary>
    public static string ToBase32(ReadOnlySpan<byte> seed)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var text = new System.Text.StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var octet in seed)
        {
            (buffer, bits) = ((buffer << 8) | octet, bits + 8);
            for (; bits >= 5; bits -= 5)
                text.Append(alphabet[(buffer >> (bits - 5)) & 31]);
            buffer &= (1 << bits) - 1;
        }
        return bits > 0 ? text.Append(alphabet[(buffer << (5 - bits)) & 31]).ToString() : text.ToString();
    }

    private static long StepOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    private static string CodeOfStep(ReadOnlySpan<byte> seed, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // SHA-1 inside an HMAC is what the standard and the apps have; no collision helps an attacker here.
        HMACSHA1.HashData(seed, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
