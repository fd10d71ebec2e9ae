using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Workers;
using CocoonPool.Silo.Workers.Polling;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>A worker that polls: plain requests, each signed.</summary>
/// <param name="pool">Where its requests go that name no other silo.</param>
internal sealed class PollingAgent(PoolUnderTest pool, TimeProvider time) : IDisposable
{
    public const string Fetch = "/api/v1/tasks/request";
    public const string Submit = "/api/v1/tasks/submit";
    public const string Heartbeat = "/api/v1/contributions/heartbeat";
    public const string Record = "/api/v1/contributions/task";

    private readonly HttpClient _http = new();
    private TimeSpan _sent;

    public static WorkerId Id => new("polling-worker");

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public FakeWorkerGrain Registered()
    {
        var grain = pool.Worker(Id);
        grain.PublicKey = Key.ExportSubjectPublicKeyInfo();
        return grain;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, object body, PoolUnderTest? at = null)
    {
        // Two requests with the same words are two only when their moments differ.
        _sent += TimeSpan.FromMilliseconds(1);
        var text = JsonSerializer.Serialize(body);
        return await Send(path, text, Sign(path, text), at);
    }

    public string Sign(string path, string body) =>
        PollProof.Sign(Key, PoolUnderTest.PoolId, path, time.GetUtcNow() + _sent, Encoding.UTF8.GetBytes(body));

    public async Task<(HttpStatusCode Status, JsonElement Body)> Send(string path, string body, string? signature, PoolUnderTest? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri((at ?? pool).Url, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
            request.Headers.Add(PollProof.Header, signature);
        using var response = await _http.SendAsync(request).Soon();
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>().Soon());
    }

    /// <summary>Fetches a task, waiting for it; null when there is none.</summary>
    public async Task<JsonElement?> Task(int waitMs = 10_000, PoolUnderTest? at = null)
    {
        var (status, body) = await Post(Fetch, new { worker_id = Id.Value, wait_ms = waitMs }, at);
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        var task = body.GetProperty("task");
        return task.ValueKind == JsonValueKind.Null ? null : task;
    }

    public void Dispose()
    {
        _http.Dispose();
        Key.Dispose();
    }
}
