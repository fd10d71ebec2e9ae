using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

public sealed class AnonymousTests(LivePool live)
{
    /// <summary>All that is open to callers without a key. Anything else that answers them is a hole.</summary>
    private static readonly string[] Open =
    [
        "GET /health", "GET /ready", "GET /api/v1/pool/stats", "GET /api/v1/maintenance", "GET /api/v1/pool/parameters", "GET /api/v1/pool/parameters/proposals", "GET /api/v1/epochs", "GET /api/v1/epochs/{number}",
        "GET /api/v1/epochs/{number}/tallies", "GET /api/v1/epochs/{number}/bundle.json", "GET /api/v1/epochs/{number}/bundle.csv",
        "GET /api/v1/epochs/{number}/proof/{address}", "GET /api/v1/epochs/{number}/settlement", "GET /api/v1/solvency",
        // What is sent there is what proves who it is.
        "POST /auth/challenge", "POST /auth/token", "POST /auth/operator", "POST /auth/refresh",
        // The worker's stream proves itself with the worker's key after it is open.
        "GET /worker/v1/link",
    ];

    [Fact]
    public async Task EveryDocumentedEndpoint_WithoutAKey_IsShutUnlessItIsPublic()
    {
        using var response = await live.Send(HttpMethod.Get, "/openapi/v1.json", key: "");
        var paths = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("paths");
        var answered = new List<string>();
        var endpoints = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => (Verb: verb.Name.ToUpperInvariant(), Path: path.Name))).ToList();
        foreach (var (verb, path) in endpoints)
        {
            var real = path.Replace("{number}", "1", StringComparison.Ordinal).Replace("{epoch}", "1", StringComparison.Ordinal).Replace("{id}", $"{Guid.Empty}", StringComparison.Ordinal)
                .Replace("{address}", live.Members[0].Wallet.Address, StringComparison.Ordinal);
            using var answer = await live.Send(new HttpMethod(verb), real, verb is "GET" or "DELETE" ? null : JsonContent.Create(new { }), key: "");
            if (answer.StatusCode != HttpStatusCode.Unauthorized)
                answered.Add($"{verb} {path}");
        }

        endpoints.Count.ShouldBeGreaterThan(30);
        answered.Except(Open).ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_AreNotOnThePublicListener()
    {
        using var response = await live.Send(HttpMethod.Get, "/metrics", key: "");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ready_NamesEachCheckWithItsLatency()
    {
        using var response = await live.Send(HttpMethod.Get, "/ready", key: "");

        var ready = await response.Content.ReadFromJsonAsync<JsonElement>();
        ready.GetProperty("status").GetString().ShouldBe("HEALTHY");
        ready.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("service").GetString()).ShouldBe(["database", "engine", "chain_gateway"]);
    }
}
