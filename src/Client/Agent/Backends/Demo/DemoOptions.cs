using System.Globalization;

namespace CocoonPool.Client.Agent.Backends.Demo;

/// <summary>What may follow <c>demo:</c> in a back end's address.</summary>
/// <param name="TokenPace">Time from one token to the next: <c>demo:?token_ms=3</c>, 0 to 1000, default 3.</param>
internal sealed record DemoOptions(TimeSpan TokenPace)
{
    public static bool TryParse(string url, out DemoOptions options, out string problem)
    {
        options = new DemoOptions(TimeSpan.FromMilliseconds(3));
        problem = "";
        var rest = url["demo:".Length..];
        if (rest.Length == 0)
            return true;
        const string key = "?token_ms=";
        if (rest.StartsWith(key, StringComparison.Ordinal)
            && int.TryParse(rest.AsSpan(key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= 1000)
        {
            options = new DemoOptions(TimeSpan.FromMilliseconds(milliseconds));
            return true;
        }
        problem = $"'{url}' is not understood; write demo: or demo:?token_ms=3 (0 to 1000).";
        return false;
    }
}
