using System.Net.Http.Json;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Pool;

/// <summary>A pool that takes no new tasks says so at every door for tasks, and at no other.</summary>
public sealed class MaintenanceTests(PoolUnderAttack pool)
{
    private static readonly string[] Doors = ["/v1/chat/completions", "/v1/completions", "/api/v1/inference/submit", "/api/v1/inference/stream"];

    [Fact]
    public async Task NewTasks_WhilePausedOrInMaintenance_AreRefusedWith503AndRetryAfter_AndAllElseGoesOn()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        using var client = await Client(key);
        foreach (var (close, open) in ((HttpMethod, string)[])[(HttpMethod.Post, "/api/v1/pool/resume"), (HttpMethod.Delete, "/api/v1/maintenance")])
        {
            var path = open.Replace("resume", "pause");
            for (var i = 0; i < 2; i++)
                (await key.Post(path, new { reason = "fire" })).Status.ShouldBe(200, "asked again, it is answered as before");
            await FourEyes.Until(() => IsShut(client));
            foreach (var door in Doors)
            {
                var (status, code, retryAfter) = await Ask(client, door);
                (status, code).ShouldBe((503, "maintenance"), door);
                retryAfter.ShouldBe("30", door);
            }

            (await client.Get("/v1/models")).Status.ShouldBe(200);
            (await key.Post("/api/v1/participants", new { wallet_address = $"0:{Guid.NewGuid():n}{Guid.NewGuid():n}" })).Body.Code().ShouldBe("pool_not_active");
            for (var i = 0; i < 2; i++)
                (await key.Send(close, open, close == HttpMethod.Post ? new { } : null)).Status.ShouldBe(200);
            await FourEyes.Until(async () => !await IsShut(client));
        }
    }

    [Fact]
    public async Task Window_IsAnnounced_BeginsAndEndsByItself_AndItsEndIsTheRetryAfter()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        using var client = await Client(key);
        var start = DateTimeOffset.FromUnixTimeSeconds(pool.Time.GetUtcNow().ToUnixTimeSeconds()).AddHours(49);
        var body = new { reason = "new disks", starts_at = start, ends_at = start.AddMinutes(30) };
        (await key.Post("/api/v1/maintenance", body with { starts_at = start.AddHours(-2) })).Body.Code().ShouldBe("window_not_announced_in_time");
        (await key.Post("/api/v1/maintenance", new { reason = "new disks", starts_at = start })).Status.ShouldBe(400);
        var (status, window) = await key.Post("/api/v1/maintenance", body);
        status.ShouldBe(201);
        (await key.Post("/api/v1/maintenance", body)).Body.Text("id").ShouldBe(window.Text("id"));
        (await key.Post("/api/v1/maintenance", body with { reason = "other disks" })).Body.Code().ShouldBe("window_overlaps");
        using var stranger = pool.NewCaller();
        (await stranger.Get("/api/v1/maintenance")).Body.GetProperty("data").EnumerateArray().ShouldContain(w => w.Text("id") == window.Text("id"));

        pool.Time.Advance(start - pool.Time.GetUtcNow() + TimeSpan.FromMinutes(10));
        await FourEyes.Until(() => IsShut(client));
        int.Parse((await Ask(client, Doors[0])).RetryAfter!).ShouldBeInRange(1_000, 1_200);
        using var again = pool.NewCaller(pool.OperatorKey);
        (await again.Send(HttpMethod.Delete, $"/api/v1/maintenance/{window.Text("id")}")).Body.Code().ShouldBe("illegal_transition");

        pool.Time.Advance(TimeSpan.FromMinutes(20));
        await FourEyes.Until(async () => !await IsShut(client));
        (await stranger.Get("/api/v1/maintenance")).Body.GetProperty("data").EnumerateArray().Single(w => w.Text("id") == window.Text("id")).Text("state").ShouldBe("ended");
    }

    [Fact]
    public async Task Window_ThatWasCancelled_NeverBegins()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var start = pool.Time.GetUtcNow().AddHours(60);
        var (_, window) = await key.Post("/api/v1/maintenance", new { reason = "perhaps", starts_at = start, ends_at = start.AddHours(1) });

        for (var i = 0; i < 2; i++)
            (await key.Send(HttpMethod.Delete, $"/api/v1/maintenance/{window.Text("id")}")).Body.Text("state").ShouldBe("cancelled");

        pool.Time.Advance(TimeSpan.FromHours(60.5));
        using var client = await Client(key);
        (await IsShut(client)).ShouldBeFalse();
    }

    private static async Task<bool> IsShut(HttpClient client) => (await Ask(client, Doors[0])).Code == "maintenance";

    private async Task<HttpClient> Client(HttpClient key) =>
        pool.NewCaller((await key.Post("/api/v1/keys", new { role = "client", subject = $"client-{Guid.NewGuid():n}"[..20], label = "test" })).Body.Text("key"));

    private static async Task<(int Status, string? Code, string? RetryAfter)> Ask(HttpClient client, string door)
    {
        using var answer = await client.PostAsJsonAsync(door, new { model = "none", messages = new[] { new { role = "user", content = "hi" } } });
        var body = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        var code = body.TryGetProperty("error", out var error) && error.TryGetProperty("code", out var name) ? name.GetString() : null;
        return ((int)answer.StatusCode, code, answer.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
    }
}
