using System.Buffers.Text;

namespace CocoonPool.Bench.Gateway;

/// <summary>As much of HTTP/1.1 as the benchmark's own two ends speak.</summary>
internal static class HttpText
{
    /// <summary>Bytes of the head with its empty line; null while that has not come.</summary>
    public static int? HeadLength(ReadOnlySpan<byte> message) => message.IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 4 : null;

    /// <summary>What the head says; 0 when it says nothing.</summary>
    public static int ContentLength(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var name = "content-length:"u8;
            var line = head[..end];
            if (line.Length > name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name))
                return Utf8Parser.TryParse(line[name.Length..].TrimStart((byte)' '), out int length, out _) ? length : 0;
            head = head[(end + 2)..];
        }
        return 0;
    }
}
