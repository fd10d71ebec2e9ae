using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CocoonPool.Verifier;

/// <summary>
/// Parses JSON and insists on its canonical form: writing the parsed document again must give the very bytes that were read.
/// Otherwise two different files could tell the same story under two hashes, or hide a member behind a repeated name.
/// </summary>
internal static class CanonicalForm
{
    private const int MaxBytes = 512 * 1024 * 1024;
    private const int MaxDepth = 6;

    private static readonly Dictionary<int, byte> ShortEscapes = new()
    {
        ['"'] = (byte)'"',
        ['\\'] = (byte)'\\',
        ['\b'] = (byte)'b',
        ['\t'] = (byte)'t',
        ['\n'] = (byte)'n',
        ['\f'] = (byte)'f',
        ['\r'] = (byte)'r',
    };

    public static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
            throw new BundleRefusedException($"The bundle has {json.Length} bytes; more than {MaxBytes} are refused.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException exception)
        {
            throw new BundleRefusedException($"The bundle is not JSON: {exception.Message}");
        }

        try
        {
            var again = new ArrayBufferWriter<byte>(json.Length + 1);
            Write(again, document.RootElement, "bundle");
            var same = json.CommonPrefixLength(again.WrittenSpan);
            if (same != json.Length || same != again.WrittenCount)
                throw new BundleRefusedException($"The bundle is not canonical JSON: it differs from its canonical form at byte {same}.");
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, element, path);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    output.Write(index > 0 ? ","u8 : ""u8);
                    Write(output, item, $"{path}[{index++}]");
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteText(output, TextOf(element, path));
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new BundleRefusedException($"{path} is a JSON number; integers are written as strings.");
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonElement element, string path)
    {
        output.Write("{"u8);
        string? last = null;
        foreach (var member in element.EnumerateObject())
        {
            var name = NameOf(member, path);
            var order = last is null ? -1 : string.CompareOrdinal(last, name);
            if (order == 0)
                throw new BundleRefusedException($"{path} has the member '{name}' twice.");
            if (order > 0)
                throw new BundleRefusedException($"{path} is not canonical JSON: the member '{name}' must come before '{last}'.");
            output.Write(last is null ? ""u8 : ","u8);
            WriteText(output, name);
            output.Write(":"u8);
            Write(output, member.Value, $"{path}.{name}");
            last = name;
        }

        output.Write("}"u8);
    }

    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (ShortEscapes.TryGetValue(rune.Value, out var letter))
                output.Write([(byte)'\\', letter]);
            else if (rune.Value < ' ')
                output.Write(Encoding.ASCII.GetBytes($"\\u{rune.Value:x4}"));
            else
                output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
        }

        output.Write("\""u8);
    }

    private static string TextOf(JsonElement element, string path)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BundleRefusedException($"{path} is not valid Unicode text.");
        }
    }

    private static string NameOf(JsonProperty member, string path)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw new BundleRefusedException($"{path} has a member whose name is not valid Unicode text.");
        }
    }
}
