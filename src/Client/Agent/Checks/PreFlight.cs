using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Client.Agent.Link;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Client.Agent.Registration;

namespace CocoonPool.Client.Agent.Checks;

internal enum CheckVerdict
{
    Passed = 0,
    Skipped = 1,
    Failed = 2,
}

/// <param name="Words">What was seen and, for a failure, what to do.</param>
internal sealed record CheckResult(string Name, CheckVerdict Verdict, string Words);

/// <summary>The pre-flight: one answer for each thing that a run needs.</summary>
internal sealed class PreFlight(AgentConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan ToleratedSkew = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<CheckResult> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        yield return Key();
        foreach (var model in BackendCatalog.Create(configuration, client, time))
            yield return await Backend(model.Key, model.Value.Backend, cancellationToken);
        yield return await Gpus(cancellationToken);
        Uri? answering = null;
        foreach (var url in configuration.Worker.PoolUrls)
        {
            yield return Transport(url);
            var pool = await Pool(client, url, cancellationToken);
            yield return pool;
            if (pool.Verdict != CheckVerdict.Passed)
                continue;
            answering ??= url;
            yield return await Clock(url, cancellationToken);
        }
        if (answering is not null)
            yield return await Stake(client, answering, cancellationToken);
        if (configuration.Tee.Type == TeeKind.IntelTdx)
            yield return Tdx();
        if (configuration.Cocoon.StatsUrl is { } stats)
            yield return await Cocoon(client, stats, cancellationToken);
    }

    private CheckResult Key()
    {
        try
        {
            using var key = WorkerKey.LoadOrCreate(configuration.Worker.StateDirectory);
            return Passed("key", $"{configuration.Worker.Id ?? key.DerivedId}, fingerprint {key.Fingerprint}");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Failed("key", exception.Message);
        }
    }

    private static async Task<CheckResult> Backend(string model, IInferenceBackend backend, CancellationToken cancellationToken)
    {
        try
        {
            var probe = await backend.Probe(cancellationToken);
            return probe.Problem is null ? Passed("backend", $"{model}: {probe.Description}") : Failed("backend", $"{model}: {probe.Problem}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed("backend", $"{model}: the back end does not answer within 10 seconds; look at its log.");
        }
    }

    private async Task<CheckResult> Gpus(CancellationToken cancellationToken)
    {
        var gpus = await GpuProbe.Ask(cancellationToken);
        if (gpus.Count == 0)
            return new("gpu", CheckVerdict.Skipped, "nvidia-smi shows no GPU here; the devices of the configuration cannot be compared.");
        var missing = configuration.Worker.GpuDevices.Where(device => gpus.All(gpu => gpu.Index != device)).ToList();
        return missing.Count == 0
            ? Passed("gpu", string.Join(", ", gpus.Select(gpu => $"{gpu.Index}: {gpu.Model}")))
            : Failed("gpu", $"worker.gpu_devices names {string.Join(", ", missing)}, nvidia-smi shows only {string.Join(", ", gpus.Select(gpu => gpu.Index))}; correct the list.");
    }

    private static CheckResult Transport(Uri url) => url switch
    {
        { Scheme: "https" } => Passed("transport", $"{url.Authority}: TLS"),
        { IsLoopback: true } => Passed("transport", $"{url.Authority}: this machine only"),
        _ => new("transport", CheckVerdict.Skipped, $"{url.Authority}: plain HTTP to another machine, as worker.allow_plain_http allows; that the way is encrypted otherwise cannot be seen from here."),
    };

    private static async Task<CheckResult> Pool(HttpClient client, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await new PoolApi(client, url, null).Health(cancellationToken);
            return Passed("pool", $"{url.Authority} is healthy");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return Failed("pool", $"{url} does not answer ({exception.Message}); check worker.pool_url and the network.");
        }
    }

    private async Task<CheckResult> Clock(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            var skew = await PoolConnection.MeasureClock(url, time, cancellationToken);
            return skew.Duration() <= ToleratedSkew
                ? Passed("clock", $"{skew.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture)} ms from that of {url.Authority}")
                : Failed("clock", $"{skew.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s from that of {url.Authority}; switch time synchronisation on (`timedatectl set-ntp true`).");
        }
        catch (Exception exception) when (exception is System.Net.WebSockets.WebSocketException or LinkRefusedException)
        {
            return Failed("clock", $"the worker link cannot be opened ({exception.Message}); a proxy on the way may not let WebSockets through.");
        }
    }

    private async Task<CheckResult> Stake(HttpClient client, Uri url, CancellationToken cancellationToken)
    {
        if (configuration.Worker.ParticipantKeyFile is not { } file)
            return new("stake", CheckVerdict.Skipped, "without worker.participant_key_file the pool cannot be asked.");
        try
        {
            var key = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
            var participant = await new PoolApi(client, url, key)
                .Participant(configuration.Worker.Participant.ToString(), cancellationToken);
            var stake = long.Parse(participant.StakeNano ?? "0", CultureInfo.InvariantCulture);
            var required = long.Parse(participant.RequiredStakeNano ?? "0", CultureInfo.InvariantCulture);
            return stake >= required
                ? Passed("stake", $"{Ton(stake)} TON, {Ton(required)} TON needed for the GPUs registered so far")
                : Failed("stake", $"{Ton(stake)} TON of {Ton(required)} TON; send {Ton(required - stake)} TON more to the pool's stake address.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failed("stake", $"{file} cannot be read ({exception.Message}); put the participant's API key there.");
        }
        catch (PoolRefusedException refusal)
        {
            return Failed("stake", refusal.Status == HttpStatusCode.NotFound
                ? "the pool does not know worker.participant_address; ask its operator to register it."
                : $"{refusal.Code}: {refusal.Message}");
        }
    }

    private CheckResult Tdx()
    {
        if (!File.Exists("/dev/tdx_guest") && !Directory.Exists("/sys/kernel/config/tsm/report"))
            return Failed("tdx", "neither /dev/tdx_guest nor /sys/kernel/config/tsm/report exists; run inside a TDX guest with kernel 6.7 or newer, or set tee.type to none.");
        return configuration.Tee.QuoteCommand is null
            ? Failed("tdx", "tee.quote_command is missing; name the program that prints a quote.")
            : Passed("tdx", "the guest device is there");
    }

    private static async Task<CheckResult> Cocoon(HttpClient client, Uri stats, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(stats, "/jsonstats"), cancellationToken);
            response.EnsureSuccessStatusCode();
            return Passed("cocoon", $"{stats.Authority} answers");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return Failed("cocoon", $"{stats} does not answer ({exception.Message}); start the Cocoon worker or remove cocoon.stats_url.");
        }
    }

    private static string Ton(long nanotons) => (nanotons / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture);

    private static CheckResult Passed(string name, string words) => new(name, CheckVerdict.Passed, words);

    private static CheckResult Failed(string name, string words) => new(name, CheckVerdict.Failed, words);
}
