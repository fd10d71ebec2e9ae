using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.TestKit.Processes;

namespace CocoonPool.TestKit.Ton;

/// <summary>A local chain with the pool's contracts on it and the chain gateway before it: the real programs, each kept running, each to be killed at will.</summary>
public sealed class LocalTon : IAsyncDisposable
{
    public const string Token = "a token for tests only";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly JsonElement _deployment;

    private LocalTon(KeptService chain, KeptService gateway, JsonElement deployment) => (Chain, Gateway, _deployment) = (chain, gateway, deployment);

    public KeptService Chain { get; }

    public KeptService Gateway { get; }

    /// <summary>Raw address of the distribution contract.</summary>
    public string Distribution => Address("distribution");

    /// <summary>Raw address of the registry of stakes.</summary>
    public string Registry => Address("registry");

    /// <summary>Raw address of the account that gets half of every slash.</summary>
    public string Treasury => Address("treasury");

    /// <summary>Raw address of the wallet that signs for the pool.</summary>
    public string OperatorWallet => Address("operator_wallet");

    /// <param name="contracts">The built contracts package.</param>
    /// <param name="folder">Where chain and gateway keep their state.</param>
    /// <param name="limitTon">How much the gateway's policy lets pass, per epoch and per day.</param>
    /// <param name="deployOptions">More options of the deployment, such as <c>--withdrawal-delay-seconds 1</c>.</param>
    /// <exception cref="InvalidOperationException">A program did not start or the deployment failed; the log says why.</exception>
    public static async Task<LocalTon> Start(
        string contracts, string folder, TextWriter log, int blockMilliseconds, long limitTon = 10_000_000, params string[] deployOptions)
    {
        var state = Path.Combine(folder, "deployment");
        Directory.CreateDirectory(state);
        string Script(string name) => Path.Combine(contracts, "build", name);
        static string Port(string? url) => url is null ? "0" : $"{new Uri(url).Port}";

        var chain = new KeptService("localnet", url => GuardedProcess.Start(
            "localnet",
            ["node", Script("localnet/main.js"), "--port", Port(url), "--state", Path.Combine(folder, "localnet"), "--block-ms", $"{blockMilliseconds}"],
            new Dictionary<string, string>(StringComparer.Ordinal), log));
        await chain.Start();

        await using var deploy = GuardedProcess.Start(
            "deploy", ["node", Script("deploy/main.js"), "--endpoint", chain.Url, "--state", state, "--json", .. deployOptions], new Dictionary<string, string>(StringComparer.Ordinal), log);
        if (await deploy.Ended is not 0)
            throw new InvalidOperationException("The contracts could not be deployed; the log says why.");
        var deployment = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(state, "deployment.json"))).RootElement.Clone();

        var limit = $"{limitTon}000000000";
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GATEWAY_TOKEN"] = Token, ["GATEWAY_MAX_NANO_PER_EPOCH"] = limit, ["GATEWAY_MAX_NANO_PER_DAY"] = limit,
        };
        var gateway = new KeptService("gateway", url => GuardedProcess.Start(
            "gateway", ["node", Script("gateway/main.js"), "--port", Port(url), "--state", state, "--endpoint", chain.Url], environment, log));
        await gateway.Start();
        return new(chain, gateway, deployment);
    }

    /// <summary>Asks the chain's development interface, for instance <c>Dev("faults", new { drop = 0.5 })</c>; reads when there is nothing to send.</summary>
    public async Task<JsonElement> Dev(string method, object? body = null)
    {
        var url = $"{Chain.Url}/dev/{method}";
        using var answer = body is null ? await _http.GetAsync(url) : await _http.PostAsJsonAsync(url, body);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>()
            : throw new InvalidOperationException($"The chain refused {method}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>A client that speaks to the gateway with its token, for whoever makes a gateway client of it.</summary>
    public HttpClient Client()
    {
        var http = new HttpClient { BaseAddress = new Uri(Gateway.Url + "/"), Timeout = TimeSpan.FromSeconds(15) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return http;
    }

    public Task Faucet(string address, long nano) => Dev("faucet", new { address, amount_nano = $"{nano}" });

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Chain.DisposeAsync();
        _http.Dispose();
    }

    private string Address(string name) => _deployment.GetProperty(name).GetString()!;
}
