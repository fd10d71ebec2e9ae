using System.CommandLine;
using System.Text.Json;

namespace CocoonPool.Client.Admin.Connection;

/// <summary>Finds the pool to talk to and the key to show: what the caller says comes first, then what runs on this machine.</summary>
internal sealed class PoolLocation(GlobalOptions options, ParseResult parsed, Func<string, string?> environment)
{
    private const string Default = "http://127.0.0.1:8080";

    /// <summary>Where the pool answers: one address, or one for each of its servers. Any of them will do.</summary>
    public IReadOnlyList<Uri> Urls()
    {
        var texts = Given(options.Url, "COCOON_URL")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? Running();
        return texts.Length == 0 ? [Url(Default)] : Array.ConvertAll(texts, Url);
    }

    private static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new AdminException(ExitCode.Usage, $"'{text}' is no address of a pool; give one such as https://pool.example or {Default} with --url or COCOON_URL.");

    /// <summary>The operator's key for this address.</summary>
    public string Key(Uri url)
    {
        var named = Given(options.KeyFile, "COCOON_OPERATOR_KEY_FILE");
        // The key of the pool on this machine is nobody else's business, so it is never taken by default for an address elsewhere.
        var path = named ?? (url.IsLoopback ? LocalKey() : null)
            ?? throw new AdminException(ExitCode.Usage, "This command needs the operator's API key; name the file that holds it with --key-file or COCOON_OPERATOR_KEY_FILE.");
        if (url is { Scheme: "http", IsLoopback: false })
            throw new AdminException(ExitCode.Usage, $"{url} is plain HTTP to another machine, where anybody on the way could read the key; use https.");
        return Read(path);
    }

    private static string Read(string path)
    {
        string key;
        try
        {
            key = File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AdminException(ExitCode.Usage, $"The key file cannot be read: {failure.Message}");
        }

        return key.Length > 0 && key.All(c => c is > ' ' and < (char)127)
            ? key
            : throw new AdminException(ExitCode.Usage, $"{path} holds no API key; it must be the key alone, as in ck_….");
    }

    private string? Given(Option<string?> option, string variable) =>
        new[] { parsed.GetValue(option), environment(variable) }.FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    /// <summary>The addresses of the silos that were started from the state folder, as their records say.</summary>
    private string[] Running() =>
        StateFolder() is { } folder && Path.Combine(folder, "run") is var records && Directory.Exists(records)
            ? [.. Directory.EnumerateFiles(records, "silo*.json").Order(StringComparer.Ordinal).Select(Running).OfType<string>()]
            : [];

    private static string? Running(string record)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(record));
            return $"http://127.0.0.1:{document.RootElement.GetProperty("port").GetInt32()}";
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private string? LocalKey() =>
        StateFolder() is { } folder && Path.Combine(folder, "secrets", "operator.key") is var path && File.Exists(path) ? path : null;

    /// <summary>A folder of the checkout that this was started from; null when it was not.</summary>
    public string? InCheckout(string folder) => environment("COCOON_ROOT") is { Length: > 0 } root ? Path.Combine(root, folder) : null;

    /// <summary>A folder of the state of the pool on this machine; null when no state folder is known.</summary>
    public string? InState(string folder) => StateFolder() is { } state ? Path.Combine(state, folder) : null;

    private string? StateFolder() =>
        parsed.GetValue(options.State) is { Length: > 0 } state ? state
        : environment("COCOON_ROOT") is { Length: > 0 } root ? Path.Combine(root, ".cocoon", "pool")
        : null;
}
