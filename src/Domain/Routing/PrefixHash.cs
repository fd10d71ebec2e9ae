namespace CocoonPool.Domain.Routing;

/// <summary>
/// A 64-bit name for the beginning of a conversation. FNV-1a with a finalizer: fast, the same on every silo and in every version,
/// and nothing secret hangs on it.
/// </summary>
public static class PrefixHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Never 0, which stands for "no prefix".</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Offset;
        foreach (var b in bytes)
            hash = (hash ^ b) * Prime;
        return Mix(hash) | 1;
    }

    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = Offset;
        foreach (var c in text)
            hash = (hash ^ c) * Prime;
        return Mix(hash) | 1;
    }

    /// <summary>Spreads every bit of the input over the whole output (the finalizer of SplitMix64).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
