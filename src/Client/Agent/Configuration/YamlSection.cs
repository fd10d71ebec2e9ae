using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace CocoonPool.Client.Agent.Configuration;

/// <summary>One thing that is wrong in the file, under its full key.</summary>
internal sealed record ConfigurationMistake(string Key, string Message, long Line)
{
    public override string ToString() => Line > 0 ? $"{Key} (line {Line}): {Message}" : $"{Key}: {Message}";
}

/// <summary>
/// One mapping of the file. Every getter notes a mistake and answers a default instead of stopping, so that all mistakes
/// are found in one go; <see cref="Finish"/> notes the keys that nobody asked for, which are mostly misspelt ones.
/// </summary>
internal sealed class YamlSection(YamlMappingNode? node, string path, List<ConfigurationMistake> mistakes)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public long Line => node?.Start.Line ?? 0;

    public string KeyOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public void Mistake(string key, string message) => mistakes.Add(new(KeyOf(key), message, Find(key)?.Start.Line ?? Line));

    public YamlSection Section(string key)
    {
        var child = Find(key);
        if (child is not (null or YamlMappingNode) && !IsNull(child))
            Mistake(key, "must be a group of keys.");
        return new YamlSection(child as YamlMappingNode, KeyOf(key), mistakes);
    }

    /// <summary>The entries of a list of groups.</summary>
    public IReadOnlyList<YamlSection> Sections(string key)
    {
        if (Find(key) is YamlSequenceNode { Children.Count: > 0 } list)
            return [.. list.Children.Select((child, index) => new YamlSection(child as YamlMappingNode, $"{KeyOf(key)}[{index}]", mistakes))];
        Mistake(key, "must be a list with at least one entry.");
        return [];
    }

    /// <summary>Null when the key is absent or empty.</summary>
    public string? OptionalText(string key)
    {
        var child = Find(key);
        if (IsNull(child))
            return null;
        if (child is YamlScalarNode { Value: { } value })
            return value.Trim();
        Mistake(key, "must be a single value.");
        return null;
    }

    public string RequiredText(string key, string advice)
    {
        if (OptionalText(key) is { } value)
            return value;
        if (Find(key) is null or YamlScalarNode)
            Mistake(key, $"is missing; {advice}");
        return "";
    }

    /// <summary>One value or a list of values, at least one.</summary>
    public IReadOnlyList<string> TextOrTexts(string key, string advice)
    {
        if (Find(key) is not YamlSequenceNode list)
            return [RequiredText(key, advice)];
        if (list.Children.Count > 0 && list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }))
            return [.. list.Children.Select(item => ((YamlScalarNode)item).Value!.Trim())];
        Mistake(key, $"must be a value or a list of values; {advice}");
        return [];
    }

    public int Integer(string key, int fallback, int least, int most)
    {
        if (OptionalText(key) is not { } text)
            return fallback;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Mistake(key, $"must be a whole number from {least} to {most}, not '{text}'.");
        return fallback;
    }

    /// <summary>False when the key is absent.</summary>
    public bool Flag(string key)
    {
        var text = OptionalText(key);
        if (text is not (null or "true" or "false"))
            Mistake(key, $"must be true or false, not '{text}'.");
        return text is "true";
    }

    /// <summary>A duration such as <c>500ms</c>, <c>30s</c> or <c>2m</c>.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (OptionalText(key) is not { } text)
            return null;
        var unit = text.TrimStart("0123456789".ToCharArray());
        var scale = unit switch { "ms" => 1, "s" or "" => 1000, "m" => 60_000, _ => 0 };
        if (scale > 0 && int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && TimeSpan.FromMilliseconds((long)number * scale) is var value && value >= least && value <= most)
            return value;
        Mistake(key, $"must be a time such as 30s, from {least.TotalSeconds}s to {most.TotalSeconds}s, not '{text}'.");
        return null;
    }

    public IReadOnlyList<string> Texts(string key)
    {
        var child = Find(key);
        if (IsNull(child))
            return [];
        if (child is YamlSequenceNode list && list.Children.All(item => item is YamlScalarNode))
            return [.. list.Children.Select(item => ((YamlScalarNode)item).Value ?? "")];
        Mistake(key, "must be a list such as [0, 1].");
        return [];
    }

    public void Finish()
    {
        if (node is null)
            return;
        foreach (var key in node.Children.Keys.OfType<YamlScalarNode>().Select(child => child.Value ?? ""))
        {
            if (!_known.Contains(key))
                Mistake(key, $"is no key here; known keys: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
    }

    private static bool IsNull(YamlNode? child) =>
        child is null || child is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}
