namespace CocoonPool.Engine.Local;

/// <summary>Values that travel with calls, from caller to callee and onwards, and never back. Values must be immutable.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<IReadOnlyDictionary<string, object>?> Current = new();

    public static IEnumerable<string> Keys => Current.Value?.Keys ?? [];

    public static IEnumerable<KeyValuePair<string, object>> Entries => Current.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    // The dictionary is replaced, never changed, so a call may hold on to the one it was sent with.
    internal static IReadOnlyDictionary<string, object>? Values
    {
        get => Current.Value;
        set
        {
            if (!ReferenceEquals(Current.Value, value)) Current.Value = value;
        }
    }

    public static object? Get(string key) => Current.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value)
        => Current.Value = new Dictionary<string, object>(Entries, StringComparer.Ordinal) { [key] = value };

    public static bool Remove(string key)
    {
        if (Current.Value?.ContainsKey(key) is not true) return false;
        var rest = new Dictionary<string, object>(Entries, StringComparer.Ordinal);
        rest.Remove(key);
        Current.Value = rest.Count == 0 ? null : rest;
        return true;
    }

    public static void Clear() => Values = null;
}
