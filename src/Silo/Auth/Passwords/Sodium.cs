using System.Runtime.InteropServices;
using System.Text;

namespace CocoonPool.Silo.Auth.Passwords;

/// <summary>
/// Argon2id by libsodium, as the operating system keeps it. Hashes are in the format that all implementations share
/// (<c>$argon2id$v=19$m=65536,t=3,p=1$salt$hash</c>), so that no account depends on this library.
/// </summary>
public sealed class Sodium
{
    /// <summary>Of Debian 12 and 13, and by the name that other systems give it.</summary>
    private static readonly string[] Names = ["libsodium.so.23", "libsodium.so.26", "libsodium"];

    /// <summary>crypto_pwhash_ALG_ARGON2ID13.</summary>
    private const int Argon2id = 2;

    /// <summary>crypto_pwhash_STRBYTES, which counts the zero at the end.</summary>
    private const int LongestHash = 128;

    private readonly Make _make;
    private readonly Verify _verify;
    private readonly NeedsRehash _needsRehash;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Initialise();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Make([Out] byte[] hash, byte[] password, ulong length, ulong passes, nuint memory, int algorithm);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Verify(byte[] hash, byte[] password, ulong length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int NeedsRehash(byte[] hash, ulong passes, nuint memory);

    private Sodium(nint library)
    {
        (_make, _verify, _needsRehash) = (Function<Make>(library, "crypto_pwhash_str_alg"), Function<Verify>(library, "crypto_pwhash_str_verify"), Function<NeedsRehash>(library, "crypto_pwhash_str_needs_rehash"));
        if (Function<Initialise>(library, "sodium_init")() < 0)
            throw new InvalidOperationException("libsodium cannot be initialised.");
    }

    /// <summary>Null on a machine that does not have it.</summary>
    public static Sodium? Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return new(library);
        }
        return null;
    }

    /// <param name="memory">Bytes.</param>
    /// <exception cref="InvalidOperationException">The machine does not have so much.</exception>
    public string Hash(string password, int passes, long memory)
    {
        var (hash, bytes) = (new byte[LongestHash], Encoding.UTF8.GetBytes(password));
        return _make(hash, bytes, (ulong)bytes.Length, (ulong)passes, (nuint)memory, Argon2id) == 0
            ? Encoding.ASCII.GetString(hash).TrimEnd('\0')
            : throw new InvalidOperationException($"A password cannot be hashed: there are no {memory >> 20} MiB.");
    }

    public bool IsRight(string hash, string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        return _verify(Terminated(hash), bytes, (ulong)bytes.Length) == 0;
    }

    /// <summary>Whether a hash was made with other parameters than these.</summary>
    public bool IsOutdated(string hash, int passes, long memory) => _needsRehash(Terminated(hash), (ulong)passes, (nuint)memory) != 0;

    private static byte[] Terminated(string hash) => [.. Encoding.ASCII.GetBytes(hash), 0];

    private static T Function<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
}
