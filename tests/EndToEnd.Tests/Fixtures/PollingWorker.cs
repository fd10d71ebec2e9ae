using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>A worker that only sends requests, written from docs/worker-protocol.md.</summary>
/// <param name="http">Sends each request to the silo that it names.</param>
internal sealed class PollingWorker(HttpClient http, Newcomer owner, string id, string model) : IDisposable
{
    public const string Fetch = "tasks/request";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private long _sent;

    public string Id => id;

    public async Task Register(string silo)
    {
        await Command(silo, "register", HttpStatusCode.Created, new
        {
            worker_id = id,
            participant_address = owner.Address,
            hardware = new { gpu_model = "none", gpu_count = 1, vram_gb = 1, cpu_cores = 1, ram_gb = 1 },
            models = new[] { new { name = model, max_context_length = 4096, max_concurrency = 4 } },
            coefficient = 1000,
            region = "tests",
            software = "polling-test/1",
            public_key = _key.ExportSubjectPublicKeyInfo(),
        });
        await Command(silo, $"{id}/attest", HttpStatusCode.OK, new { });
        await Command(silo, $"{id}/activate", HttpStatusCode.OK, new { });
    }

    /// <summary>The answer to a request for a task; <c>task</c> in its body is null when there is none.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> Poll(string silo, int waitMilliseconds) =>
        Post(silo, Fetch, new { worker_id = id, wait_ms = waitMilliseconds });

    /// <summary>The task that lies there or comes soon.</summary>
    public async Task<JsonElement> Task(string silo)
    {
        var (status, body) = await Poll(silo, 10_000);
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        body.GetProperty("task").ValueKind.ShouldBe(JsonValueKind.Object);
        return body.GetProperty("task");
    }

    public async Task<HttpStatusCode> Beat(string silo) => (await Post(silo, "contributions/heartbeat", new
    {
        worker_id = id,
        participant_address = owner.Address,
        status = "active",
        timestamp = TimeProvider.System.GetUtcNow(),
    })).Status;

    /// <summary>Hands in an answer of two prompt and three completion tokens.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> Submit(string silo, JsonElement task, string content) => Post(silo, "tasks/submit", new
    {
        worker_id = id,
        task_id = TaskId(task),
        result = new
        {
            status = 200,
            body = new
            {
                id = "c",
                @object = "chat.completion",
                choices = new[] { new { index = 0, message = new { role = "assistant", content }, finish_reason = "stop" } },
                usage = new { prompt_tokens = 2, completion_tokens = 3, total_tokens = 5 },
            },
            usage = new { prompt = 2, cached = 0, completion = 3, reasoning = 0 },
        },
    });

    /// <summary>Sends the receipt of such an answer.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> Record(string silo, JsonElement task, DateTimeOffset started, DateTimeOffset ended)
    {
        var (began, end) = (started.ToUnixTimeMilliseconds(), ended.ToUnixTimeMilliseconds());
        // 2 prompt tokens at 1.0 and 3 completion tokens at 8.0.
        var canonical = Encoding.UTF8.GetBytes(
            $$"""{"adjusted_tokens":"26","cached_tokens":"0","completion_tokens":"3","ended_unix_ms":"{{end}}","format":"cocoon-pool-receipt/1","latency_ms":"{{end - began}}","model":"{{model}}","outcome":"success","participant":"{{owner.Address}}","prompt_tokens":"2","reasoning_tokens":"0","started_unix_ms":"{{began}}","task":"{{TaskId(task)}}","time_to_first_token_ms":"0","worker":"{{id}}"}""");
        byte[] root = SHA256.HashData([0, .. canonical]);
        return Post(silo, "contributions/task", new { worker_id = id, canonical, ticket = task.GetProperty("ticket").GetString(), signature = Sign([.. "cocoon-receipts/1\n"u8, .. root]) });
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> Post(string silo, string path, object body)
    {
        var text = JsonSerializer.Serialize(body);
        return Send(silo, path, text, Signature(path, text));
    }

    /// <summary>A signature that no other request has: two with the same words are two only when their moments differ.</summary>
    public string Signature(string path, string body)
    {
        var moment = _sent = Math.Max(_sent + 1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var signed = $"cocoon-worker-request/1\nmain\n/api/v1/{path}\n{moment}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
        return $"{moment}.{Convert.ToBase64String(Sign(Encoding.UTF8.GetBytes(signed)))}";
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> Send(string silo, string path, string body, string signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{silo}/api/v1/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Worker-Signature", signature);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public void Dispose() => _key.Dispose();

    private static string TaskId(JsonElement task) => task.GetProperty("task_id").GetString()!;

    private async Task Command(string silo, string command, HttpStatusCode expected, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{silo}/api/v1/workers/{command}") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", owner.Key);
        using var done = await http.SendAsync(request);
        done.StatusCode.ShouldBe(expected, await done.Content.ReadAsStringAsync());
    }

    private byte[] Sign(byte[] text) => _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
