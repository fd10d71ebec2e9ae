using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;
using CocoonPool.Security.Tests.Host;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Receipts;

/// <summary>What a receipt says, before it is signed.</summary>
public sealed record Claim(string Task, string Worker, string Participant, DateTimeOffset Started, DateTimeOffset Ended, long Prompt = 2, long Completion = 3)
{
    public const string Model = "m";

    /// <summary>As docs/worker-protocol.md writes it; the default multipliers are 1 for prompt and 8 for completion tokens.</summary>
    public byte[] Canonical => Encoding.UTF8.GetBytes(
        $$"""{"adjusted_tokens":"{{Prompt + (8 * Completion)}}","cached_tokens":"0","completion_tokens":"{{Completion}}","ended_unix_ms":"{{Ended.ToUnixTimeMilliseconds()}}","format":"cocoon-pool-receipt/1","latency_ms":"{{Math.Max(0, (Ended - Started).TotalMilliseconds):0}}","model":"{{Model}}","outcome":"success","participant":"{{Participant}}","prompt_tokens":"{{Prompt}}","reasoning_tokens":"0","started_unix_ms":"{{Started.ToUnixTimeMilliseconds()}}","task":"{{Task}}","time_to_first_token_ms":"0","worker":"{{Worker}}"}""");
}

/// <summary>A worker with a key of its own that signs whatever it likes, written from docs/worker-protocol.md.</summary>
public sealed class Forger(PoolUnderAttack pool, string participant, string worker, ECDsa key) : IDisposable
{
    private readonly HttpClient _http = pool.NewCaller();

    public string Participant => participant;

    public string Worker => worker;

    public static async Task<Forger> Join(PoolUnderAttack pool)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var participant = $"0:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        var worker = $"forger-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        using var operators = pool.NewCaller(pool.OperatorKey);
        (await operators.Post("/api/v1/participants", new { wallet_address = participant })).Status.ShouldBe(201);
        var (status, body) = await operators.Post("/api/v1/workers/register", new
        {
            worker_id = worker,
            participant_address = participant,
            hardware = new { gpu_model = "H100", gpu_count = 1, vram_gb = 80, cpu_cores = 8, ram_gb = 64 },
            models = new[] { new { name = Receipts.Claim.Model, max_context_length = 1000, max_concurrency = 1 } },
            coefficient = 1000,
            region = "eu",
            software = "forger/1",
            public_key = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
        });
        status.ShouldBe(201, body.ToString());
        return new(pool, participant, worker, key);
    }

    /// <summary>An honest claim of a task that was assigned a second ago.</summary>
    public Claim Claim(string? task = null) =>
        new(task ?? $"task-{Guid.NewGuid():n}", worker, participant, pool.Time.GetUtcNow().AddMilliseconds(-900), pool.Time.GetUtcNow().AddMilliseconds(-100));

    /// <summary>The pool's own ticket: this worker was given this task a second ago.</summary>
    public string Ticket(string task) => pool.Services.GetRequiredService<AssignmentTickets>().Issue(
        pool.Settings.Id, new TaskId(task), new WorkerId(worker), new(Receipts.Claim.Model, pool.Time.GetUtcNow().AddSeconds(-1), PromptTokensLimit: 10, CompletionTokensLimit: 20));

    /// <summary>Sends a receipt in this worker's name.</summary>
    /// <param name="signer">Whose key signs the receipt; the request itself is always signed with this worker's.</param>
    public Task<(int Status, JsonElement Body)> Send(Claim claim, string ticket, Forger? signer = null) => Request(Body(claim, ticket, signer), Stamp());

    public string Body(Claim claim, string ticket, Forger? signer = null)
    {
        byte[] root = SHA256.HashData([0, .. claim.Canonical]);
        return JsonSerializer.Serialize(new { worker_id = worker, canonical = claim.Canonical, ticket, signature = (signer ?? this).Sign([.. "cocoon-receipts/1\n"u8, .. root]) });
    }

    public long Stamp() => pool.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<(int Status, JsonElement Body)> Request(string body, long moment)
    {
        const string path = "/api/v1/contributions/task";
        var signed = $"cocoon-worker-request/1\n{pool.Settings.Id}\n{path}\n{moment}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Worker-Signature", $"{moment}.{Convert.ToBase64String(Sign(Encoding.UTF8.GetBytes(signed)))}");
        using var answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement);
    }

    public byte[] Sign(byte[] text) => key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose()
    {
        _http.Dispose();
        key.Dispose();
    }
}
