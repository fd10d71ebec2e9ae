using System.Text.Json;

namespace CocoonPool.Security.Tests.Host;

/// <summary>Two operators who each have their own credentials, and what they do together.</summary>
public static class FourEyes
{
    public static async Task<(HttpClient Amy, HttpClient Ben)> TwoPeople(this PoolUnderAttack pool)
    {
        var (amy, ben) = (await Person.Create(pool, "operator"), await Person.Create(pool, "operator"));
        await amy.TakeOver();
        await ben.TakeOver();
        return (await amy.SignedIn(), await ben.SignedIn());
    }

    public static Task<(int Status, JsonElement Body)> Wish(this HttpClient who, string kind, object payload) =>
        who.Post("/api/v1/approvals", new { kind, payload, reason = "both of us looked at it" });

    /// <summary>One proposes, the other agrees, the timelock passes, the pool carries it out; answers the approval as it ended.</summary>
    public static async Task<JsonElement> Agree(this PoolUnderAttack pool, string kind, object payload)
    {
        var (amy, ben) = await pool.TwoPeople();
        var (status, wish) = await amy.Wish(kind, payload);
        status.ShouldBe(201, wish.ToString());
        var id = wish.Text("id");
        (await ben.Post($"/api/v1/approvals/{id}/approve")).Status.ShouldBe(200);
        pool.Time.Advance(TimeSpan.FromMinutes(61));
        using var reader = await pool.SignedIn("auditor", "reader");
        await Until(async () => await State(reader, id) is "executed" or "refused");
        return (await reader.Get($"/api/v1/approvals/{id}")).Body;
    }

    public static async Task<string> State(HttpClient who, string id) => (await who.Get($"/api/v1/approvals/{id}")).Body.Text("state");

    public static async Task Until(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(100, patience.Token);
    }
}
