using System.Text.Json;

namespace CocoonPool.Client.Admin.Reporting;

/// <summary>Reads an answer for a person. What is missing or null is shown as a dash: an older or newer pool must not stop the operator.</summary>
internal readonly record struct Fields(JsonElement Element)
{
    public const string Nothing = "-";

    /// <summary>The text of a member, by its path with dots.</summary>
    public string this[string path] => Find(path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.True } => "yes",
        { ValueKind: JsonValueKind.False } => "no",
        { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => Nothing,
        var other => other.GetRawText(),
    };

    /// <summary>An amount of nanoTON as exact TON.</summary>
    public string Ton(string path) => this[path] is var text && text == Nothing ? Nothing : Reporting.Ton.Show(text);

    /// <summary>A measurement without its decimals; money is never read this way.</summary>
    public string Whole(string path) => this[path].Split('.')[0];

    public bool Is(string path, string value) => string.Equals(this[path], value, StringComparison.Ordinal);

    public bool Has(string path) => Find(path).ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    public IReadOnlyList<Fields> List(string path) =>
        Find(path) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray().Select(item => new Fields(item))] : [];

    private JsonElement Find(string path)
    {
        var at = Element;
        foreach (var name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return default;
        }

        return at;
    }
}
