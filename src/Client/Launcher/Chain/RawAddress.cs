using System.Buffers.Text;

namespace CocoonPool.Client.Launcher.Chain;

/// <summary>
/// Brings an address into its raw form <c>workchain:hex</c>. A second, smaller reading of the format than the domain's own: the
/// independent check must not share the code that it checks.
/// </summary>
public static class RawAddress
{
    private const int FriendlyBytes = 36;

    public static string Of(string address)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
            return address[..colon] + ":" + address[(colon + 1)..].ToLowerInvariant();
        var bytes = Base64Url.DecodeFromChars(address.Replace('+', '-').Replace('/', '_'));
        if (bytes.Length != FriendlyBytes)
            throw new FormatException($"{address} is no TON address.");
        // Flags, workchain, 32 bytes of hash, checksum of two bytes.
        return $"{(sbyte)bytes[1]}:{Convert.ToHexStringLower(bytes.AsSpan(2, 32))}";
    }
}
