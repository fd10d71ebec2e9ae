using System.Collections.Immutable;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CocoonPool.Client.Agent.Configuration;

/// <summary>Reads the agent's YAML file and finds every mistake at once, each with its key.</summary>
internal static class ConfigurationFile
{
    public const string DefaultName = "cocoon-worker.yaml";

    /// <summary>Stands where an address could not be read.</summary>
    private const string NoHost = "invalid.invalid";

    /// <summary>The configuration is null when there are mistakes.</summary>
    public static (AgentConfiguration? Configuration, IReadOnlyList<ConfigurationMistake> Mistakes) Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, [new(path, $"cannot be read ({exception.Message}); write one with `cocoon-worker init`.", 0)]);
        }
        return Parse(text, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
    }

    /// <param name="text">The YAML.</param>
    /// <param name="directory">What relative paths in the file are relative to.</param>
    public static (AgentConfiguration? Configuration, IReadOnlyList<ConfigurationMistake> Mistakes) Parse(string text, string directory)
    {
        var mistakes = new List<ConfigurationMistake>();
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            return (null, [new("yaml", exception.Message, exception.Start.Line)]);
        }
        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode mapping)
            return (null, [new("yaml", "the file must hold the groups worker, models, tee, cocoon and monitoring.", 0)]);
        var root = new YamlSection(mapping, "", mistakes);
        var configuration = new AgentConfiguration(
            Worker(root.Section("worker"), directory),
            Models(root),
            Tee(root.Section("tee")),
            Cocoon(root.Section("cocoon")),
            Monitoring(root.Section("monitoring")));
        root.Finish();
        return (mistakes.Count == 0 ? configuration : null, mistakes);
    }

    private static WorkerSection Worker(YamlSection section, string directory)
    {
        var address = section.RequiredText("participant_address", "give the TON address that earns for this worker.");
        if (!TonAddress.TryParse(address, TonNetwork.Local, out var participant, out var problem) && address.Length > 0)
            section.Mistake("participant_address", problem);
        WorkerId? id = null;
        if (section.OptionalText("worker_id") is { } name)
        {
            id = WorkerId.TryParse(name, out var parsed) ? parsed : null;
            if (id is null)
                section.Mistake("worker_id", "must be 3 to 64 of a-z 0-9 . _ -, starting with a letter or digit.");
        }
        var worker = new WorkerSection(
            PoolUrls(section),
            participant,
            id,
            section.Integer("coefficient", 1000, 100, 10_000),
            Devices(section),
            section.OptionalText("region") ?? "",
            FullPath(section.OptionalText("participant_key_file"), directory),
            FullPath(section.OptionalText("state_dir"), directory) ?? Path.Combine(directory, "state"),
            ClusterConfiguration.Read(section, path => FullPath(path, directory)));
        section.Finish();
        return worker;
    }

    private static ImmutableArray<Uri> PoolUrls(YamlSection section)
    {
        var urls = section.TextOrTexts("pool_url", "give the pool's address, such as https://pool.example, or a list of its servers' addresses.");
        if (urls.Distinct(StringComparer.OrdinalIgnoreCase).Count() < urls.Count)
            section.Mistake("pool_url", "names one address twice.");
        var mayBePlain = section.Flag("allow_plain_http");
        return [.. urls.Select(url => PoolUrl(section, url, mayBePlain))];
    }

    /// <summary>Over plain HTTP everybody on the way would read the participant's API key and the clients' requests, and could answer in the pool's place.</summary>
    private static Uri PoolUrl(YamlSection section, string text, bool mayBePlain)
    {
        var url = HttpUrl(section, "pool_url", text);
        if (url.Scheme is "http" && !url.IsLoopback && url.Host != NoHost && !mayBePlain)
            section.Mistake("pool_url", $"{text} is neither encrypted nor on this machine: others would read your API key and the clients' requests on the way; use https://. Where a tunnel encrypts the way, say so with `allow_plain_http: true`.");
        return url;
    }

    private static ImmutableArray<int> Devices(YamlSection section)
    {
        var devices = new List<int>();
        foreach (var text in section.Texts("gpu_devices"))
        {
            if (int.TryParse(text, out var device) && device is >= 0 and < 1024 && !devices.Contains(device))
                devices.Add(device);
            else
                section.Mistake("gpu_devices", $"'{text}' is no index of a GPU, or is there twice; write a list such as [0, 1].");
        }
        if (devices.Count == 0 && section.Texts("gpu_devices").Count == 0)
            section.Mistake("gpu_devices", "is missing; name at least one GPU by its index, such as [0].");
        return [.. devices];
    }

    private static ImmutableArray<ModelSection> Models(YamlSection root)
    {
        var models = new List<ModelSection>();
        foreach (var section in root.Sections("models"))
        {
            var name = section.RequiredText("name", "give the name that the pool knows the model by.");
            if (name.Length > 0 && models.Exists(other => string.Equals(other.Name, name, StringComparison.Ordinal)))
                section.Mistake("name", $"'{name}' is there twice.");
            models.Add(new ModelSection(
                name,
                BackendUrl(section),
                section.OptionalText("backend_model"),
                section.Integer("max_concurrency", 4, 1, 4096),
                section.Integer("max_context_length", 4096, 1, 100_000_000)));
            section.Finish();
        }
        return [.. models];
    }

    private static Uri BackendUrl(YamlSection section)
    {
        var text = section.RequiredText("backend_url", "give an OpenAI-compatible server such as http://127.0.0.1:8000, or demo: for the built-in one.");
        if (!text.StartsWith("demo:", StringComparison.Ordinal))
            return HttpUrl(section, "backend_url", text);
        if (Backends.Demo.DemoOptions.TryParse(text, out _, out var problem))
            return new Uri(text);
        section.Mistake("backend_url", problem);
        return new Uri("demo:");
    }

    private static TeeSection Tee(YamlSection section)
    {
        var type = section.OptionalText("type") ?? "none";
        if (type is not ("none" or "intel-tdx"))
            section.Mistake("type", $"must be none or intel-tdx, not '{type}'.");
        var tee = new TeeSection(type is "intel-tdx" ? TeeKind.IntelTdx : TeeKind.None, section.OptionalText("quote_command"));
        section.Finish();
        return tee;
    }

    private static CocoonSection Cocoon(YamlSection section)
    {
        var cocoon = new CocoonSection(section.OptionalText("stats_url") is { } url ? HttpUrl(section, "stats_url", url) : null);
        section.Finish();
        return cocoon;
    }

    private static MonitoringSection Monitoring(YamlSection section)
    {
        var monitoring = new MonitoringSection(
            section.Integer("metrics_port", 9477, 0, 65535),
            section.Duration("heartbeat_interval", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            section.OptionalText("traces_url") is { } url ? HttpUrl(section, "traces_url", url) : null);
        section.Finish();
        return monitoring;
    }

    private static Uri HttpUrl(YamlSection section, string key, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
            return url;
        if (text.Length > 0)
            section.Mistake(key, $"must be an address that starts with http:// or https:// and holds no password, not '{text}'.");
        return new Uri($"http://{NoHost}");
    }

    private static string? FullPath(string? path, string directory) => path is null ? null : Path.GetFullPath(path, directory);
}
