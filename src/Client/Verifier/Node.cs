using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace CocoonPool.Verifier;

/// <summary>A place in the bundle that knows its path, so that every refusal can say where.</summary>
internal readonly record struct Node(JsonElement Element, string Path)
{
    public Node this[string name] => new(Element.GetProperty(name), $"{Path}.{name}");

    /// <summary>Insists on exactly these members: an unknown one would be a claim that nobody checks.</summary>
    public Node WithMembers(params ReadOnlySpan<string> names)
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw Refused("is not an object");
        var found = Element.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!found.Remove(name))
                throw Refused($"lacks the member '{name}'");
        }

        return found.Count == 0 ? this : throw Refused($"has the unknown member '{found.First()}'");
    }

    public IEnumerable<Node> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Refused("is not an array");
        var path = Path;
        return Element.EnumerateArray().Select((item, index) => new Node(item, $"{path}[{index}]"));
    }

    public string Text() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Refused("is not a string");

    public string? TextOrNull() => Element.ValueKind == JsonValueKind.Null ? null : Text();

    public string NonEmptyText() => Text() is { Length: > 0 } text ? text : throw Refused("is empty");

    public string OneOf(params ReadOnlySpan<string> words)
    {
        var text = Text();
        return words.Contains(text) ? text : throw Refused($"is '{Shortened(text)}', which is none of the known words");
    }

    public bool Boolean() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Refused("is not true or false"),
    };

    public Address Address() => Verifier.Address.TryParse(Text()) ?? throw Refused($"is '{Shortened(Text())}', which is no raw TON address");

    public string Hash() => Text() is { Length: 64 } text && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
        ? text
        : throw Refused("is not 64 lower-case hexadecimal digits");

    /// <summary>A whole number that is not negative and has at most so many digits; the bound is looked at before the number is built.</summary>
    public BigInteger Natural(int maxDigits)
    {
        var text = Text();
        if (text.Length == 0 || !text.All(char.IsAsciiDigit) || (text.Length > 1 && text[0] == '0'))
            throw Refused($"is '{Shortened(text)}', which is no whole number in canonical form");
        return text.Length <= maxDigits
            ? BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : throw Refused($"has {text.Length} digits; more than {maxDigits} are refused");
    }

    public long Within(long lowest, long highest)
    {
        var value = Natural(19);
        return value >= lowest && value <= highest ? (long)value : throw Refused($"is {value}, outside {lowest} to {highest}");
    }

    public long Nano() => Within(0, long.MaxValue);

    public int Small(int lowest, int highest) => (int)Within(lowest, highest);

    public BundleRefusedException Refused(string what) => new($"{Path} {what}.");

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
