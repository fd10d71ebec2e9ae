using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

/// <summary>A worker that only sends requests, written from docs/worker-protocol.md: its tasks count as those of a stream do.</summary>
public sealed class PollingWorkerTests(LivePool live)
{
    private const string Model = "polled";
    private const string Worker = "polling-worker";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task PollingWorker_ServesATaskAndIsCreditedForIt()
    {
        var owner = await Newcomer.Join(live, "poller");
        await Register(owner);
        (await Post("tasks/request", new { worker_id = Worker, wait_ms = 0 })).Body.GetProperty("task").ValueKind.ShouldBe(JsonValueKind.Null);
        await live.Waiting.Until("the model", TimeSpan.FromSeconds(20), async () =>
        {
            using var models = await live.Send(HttpMethod.Get, "/v1/models");
            return (await models.Content.ReadAsStringAsync()).Contains($"\"{Model}\"", StringComparison.Ordinal);
        }, CancellationToken.None);

        var asking = live.Send(HttpMethod.Post, "/v1/chat/completions", PassThroughTests.Question(Model));
        var task = (await Post("tasks/request", new { worker_id = Worker, wait_ms = 10_000 })).Body.GetProperty("task");
        var started = TimeProvider.System.GetUtcNow();
        (await Post("contributions/heartbeat", new { worker_id = Worker, participant_address = owner.Address, status = "active", timestamp = started })).Status.ShouldBe(HttpStatusCode.OK);
        var answer = new { id = "c", @object = "chat.completion", choices = new[] { new { index = 0, message = new { role = "assistant", content = "Polled!" }, finish_reason = "stop" } }, usage = new { prompt_tokens = 2, completion_tokens = 3, total_tokens = 5 } };
        var submitted = await Post("tasks/submit", new { worker_id = Worker, task_id = task.GetProperty("task_id").GetString(), result = new { status = 200, body = answer, usage = new { prompt = 2, cached = 0, completion = 3, reasoning = 0 } } });
        using var response = await asking;

        submitted.Status.ShouldBe(HttpStatusCode.OK, submitted.Body.ToString());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain("Polled!");
        var recorded = await Post("contributions/task", Receipt(owner, task, started));
        recorded.Status.ShouldBe(HttpStatusCode.Created, recorded.Body.ToString());
        await owner.HasCounted(live, 1);
    }

    private async Task Register(Newcomer owner)
    {
        using var registered = await live.Send(HttpMethod.Post, "/api/v1/workers/register", JsonContent.Create(new
        {
            worker_id = Worker,
            participant_address = owner.Address,
            hardware = new { gpu_model = "none", gpu_count = 1, vram_gb = 1, cpu_cores = 1, ram_gb = 1 },
            models = new[] { new { name = Model, max_context_length = 4096, max_concurrency = 4 } },
            coefficient = 1000,
            region = "tests",
            software = "polling-test/1",
            public_key = _key.ExportSubjectPublicKeyInfo(),
        }), owner.Key);
        registered.StatusCode.ShouldBe(HttpStatusCode.Created, await registered.Content.ReadAsStringAsync());
        foreach (var command in (string[])["attest", "activate"])
        {
            using var done = await live.Send(HttpMethod.Post, $"/api/v1/workers/{Worker}/{command}", JsonContent.Create(new { }), owner.Key);
            done.StatusCode.ShouldBe(HttpStatusCode.OK, await done.Content.ReadAsStringAsync());
        }
    }

    private object Receipt(Newcomer owner, JsonElement task, DateTimeOffset started)
    {
        var ended = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var began = started.ToUnixTimeMilliseconds();
        // 2 prompt tokens at 1.0 and 3 completion tokens at 8.0.
        var canonical = Encoding.UTF8.GetBytes(
            $$"""{"adjusted_tokens":"26","cached_tokens":"0","completion_tokens":"3","ended_unix_ms":"{{ended}}","format":"cocoon-pool-receipt/1","latency_ms":"{{ended - began}}","model":"{{Model}}","outcome":"success","participant":"{{owner.Address}}","prompt_tokens":"2","reasoning_tokens":"0","started_unix_ms":"{{began}}","task":"{{task.GetProperty("task_id").GetString()}}","time_to_first_token_ms":"0","worker":"{{Worker}}"}""");
        byte[] root = SHA256.HashData([0, .. canonical]);
        return new { worker_id = Worker, canonical, ticket = task.GetProperty("ticket").GetString(), signature = Sign([.. "cocoon-receipts/1\n"u8, .. root]) };
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, object body)
    {
        var text = JsonSerializer.Serialize(body);
        var moment = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var signed = $"cocoon-worker-request/1\nmain\n/api/v1/{path}\n{moment}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{live.Pool.SiloUrl}/api/v1/{path}") { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Worker-Signature", $"{moment}.{Convert.ToBase64String(Sign(Encoding.UTF8.GetBytes(signed)))}");
        using var response = await live.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private byte[] Sign(byte[] text) => _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
