using System.Text.Json;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Participants;

/// <summary>Where a participant is paid, and what they are told, over HTTP.</summary>
public sealed class PayoutSettingsTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task PayoutAddress_TakesEffectAfter48Hours_AndTheOwnerIsToldAtOnce()
    {
        var member = await Staked.Join(pool, 100);
        var elsewhere = $"0:{new string('e', 64)}";

        var (status, changed) = await member.Http.Send(HttpMethod.Patch, $"{member.Path}/settings", new { payout_address = elsewhere });

        (status, changed.Text("payout_address"), changed.Text("next_payout_address")).ShouldBe((200, member.Address, elsewhere));
        (changed.GetProperty("next_payout_from").GetDateTimeOffset() - pool.Time.GetUtcNow()).ShouldBeInRange(TimeSpan.FromHours(47.9), TimeSpan.FromHours(48));
        (await Events(member)).ShouldContain(e => e.Text("type") == "payout_address_changed" && e.GetProperty("data").ToString().Contains(elsewhere));

        pool.Time.Advance(TimeSpan.FromHours(48));
        var later = (await (await member.SignedInAgain(pool)).Http.Get(member.Path)).Body;
        (later.Text("payout_address"), later.GetProperty("next_payout_address").ValueKind).ShouldBe((elsewhere, JsonValueKind.Null));
    }

    [Fact]
    public async Task PayoutAddress_TakenBackWithinTheDelay_NeverTakesEffect()
    {
        var member = await Staked.Join(pool, 100);
        await member.Http.Send(HttpMethod.Patch, $"{member.Path}/settings", new { payout_address = $"0:{new string('e', 64)}" });

        await member.Http.Send(HttpMethod.Patch, $"{member.Path}/settings", new { payout_address = member.Address });

        pool.Time.Advance(TimeSpan.FromHours(49));
        (await (await member.SignedInAgain(pool)).Http.Get(member.Path)).Body.Text("payout_address").ShouldBe(member.Address);
    }

    [Fact]
    public async Task PayoutAddress_IsChangedByWhoeverHasTheWallet_AndByNoKeyAndNoOperator()
    {
        var member = await Staked.Join(pool, 100);
        var elsewhere = new { payout_address = $"0:{new string('e', 64)}" };
        using var operators = pool.NewCaller(pool.OperatorKey);
        using var person = await pool.SignedIn("operator", "payout-thief");
        using var onTheWorkersDisk = pool.NewCaller((await operators.Post("/api/v1/keys", new { role = "participant", subject = member.Address, label = "" })).Body.Text("key"));

        foreach (var thief in (HttpClient[])[operators, person, onTheWorkersDisk])
        {
            var (status, body) = await thief.Send(HttpMethod.Patch, $"{member.Path}/settings", elsewhere);
            (status, body.Code()).ShouldBe((403, "wallet_needed"));
        }

        (await onTheWorkersDisk.Send(HttpMethod.Patch, $"{member.Path}/settings", new { min_payout_nano = "3000000000" })).Status.ShouldBe(200);
        (await member.Http.Get(member.Path)).Body.GetProperty("next_payout_address").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Settings_OutOfBounds_AreRefused()
    {
        var member = await Staked.Join(pool, 100);
        (await member.Http.Send(HttpMethod.Patch, $"{member.Path}/settings", new { min_payout_nano = "49999999" })).Status.ShouldBe(400);
        (await member.Http.Send(HttpMethod.Patch, $"{member.Path}/settings", new { payout_address = $"-1:{new string('e', 64)}" })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Notifications_AreMutedButForWhatProtectsTheAccount()
    {
        var member = await Staked.Join(pool, 250);
        (await member.Http.Send(HttpMethod.Patch, $"{member.Path}/settings", new { muted_notifications = new[] { "stake_withdrawal", "payout_address_changed" } })).Body.Code().ShouldBe("notification_not_mutable");
        var (_, changed) = await member.Http.Send(HttpMethod.Patch, $"{member.Path}/settings", new { muted_notifications = new[] { "stake_withdrawal" } });
        changed.GetProperty("muted_notifications").EnumerateArray().Single().GetString().ShouldBe("stake_withdrawal");

        await member.Http.Post($"{member.Path}/stake/withdrawals", new { amount_nano = "1000000000" });

        (await Events(member)).ShouldNotContain(e => e.Text("type") == "stake_withdrawal");
        (await Events(member, "?all=true")).ShouldContain(e => e.Text("type") == "stake_withdrawal");
    }

    private static async Task<List<JsonElement>> Events(Staked member, string query = "") =>
        [.. (await member.Http.Get($"{member.Path}/events{query}")).Body.GetProperty("data").EnumerateArray()];
}
