using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Auth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.SignIn;

public sealed class SessionTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task Refresh_RotatesTheToken()
    {
        var (tokens, stranger) = await SignIn();

        var renewed = await stranger.Post("/auth/refresh", new { refresh_token = tokens.Text("refresh_token") });

        renewed.Status.ShouldBe(200);
        renewed.Body.Text("refresh_token").ShouldNotBe(tokens.Text("refresh_token"));
        using var later = pool.NewCaller(renewed.Body.Text("access_token"));
        (await later.Get("/auth/session")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task RefreshToken_UsedTwice_EndsTheWholeFamily()
    {
        var (tokens, stranger) = await SignIn();
        var stolen = tokens.Text("refresh_token");
        var renewed = (await stranger.Post("/auth/refresh", new { refresh_token = stolen })).Body;

        using var thief = pool.NewCaller();
        (await thief.Post("/auth/refresh", new { refresh_token = stolen })).Status.ShouldBe(401);

        (await stranger.Post("/auth/refresh", new { refresh_token = renewed.Text("refresh_token") })).Status.ShouldBe(401);
        using var owner = pool.NewCaller(renewed.Text("access_token"));
        (await owner.Get("/auth/session")).Status.ShouldBe(401);
        (await pool.Scalar<long>("select count(*) from audit_log where action = 'refresh_reused'")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task RefreshToken_ShownByManyAtOnce_IsRenewedAtMostOnce()
    {
        var (tokens, stranger) = await SignIn();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => stranger.Post("/auth/refresh", new { refresh_token = tokens.Text("refresh_token") })));

        answers.Count(a => a.Status == 200).ShouldBe(1);
    }

    [Theory]
    [InlineData("cr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    [InlineData("'; delete from sessions; --")]
    public async Task RefreshToken_ThatNobodyWasGiven_IsRefused(string token)
    {
        using var stranger = pool.NewCaller();

        (await stranger.Post("/auth/refresh", new { refresh_token = token })).Status.ShouldBeOneOf(400, 401);
    }

    [Fact]
    public async Task AccessToken_IsOverAfterAnHour()
    {
        var (tokens, _) = await SignIn();
        using var person = pool.NewCaller(tokens.Text("access_token"));
        (await person.Get("/auth/session")).Status.ShouldBe(200);

        pool.Time.Advance(TimeSpan.FromHours(1));

        (await person.Get("/auth/session")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Logout_EndsTheSession_AndLogoutAllEveryOneOfThem()
    {
        var person = await Person.Create(pool, "operator");
        using var first = await person.SignedIn();
        using var second = await person.SignedIn();
        using var third = await person.SignedIn();

        (await first.Post("/auth/logout")).Status.ShouldBe(200);
        (await first.Get("/auth/session")).Status.ShouldBe(401);
        (await second.Get("/auth/session")).Status.ShouldBe(200);
        (await second.Post("/auth/logout-all")).Status.ShouldBe(200);

        (await second.Get("/auth/session")).Status.ShouldBe(401);
        (await third.Get("/auth/session")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task ApiKey_WithAPersonsName_EndsNoSessionOfThatPerson()
    {
        var person = await Person.Create(pool, "operator");
        using var session = await person.SignedIn();
        using var operators = pool.NewCaller(pool.OperatorKey);
        using var namesake = pool.NewCaller((await operators.Post("/api/v1/keys", new { role = "client", subject = person.Username, label = "" })).Body.Text("key"));

        (await namesake.Post("/auth/logout-all")).Status.ShouldBe(400);

        (await session.Get("/auth/session")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task OwnNewCredentials_EndWhatWasOpenedWithTheOldOnes()
    {
        var person = await Person.Create(pool, "operator");
        using var thief = await person.SignedIn();

        await person.TakeOver();

        (await thief.Get("/auth/session")).Status.ShouldBe(401);
        using var self = await person.SignedIn();
        (await self.Get("/auth/session")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task AccessToken_ThatWasChangedOrMadeForAnotherPurpose_OpensNothing()
    {
        var (tokens, _) = await SignIn();
        var token = tokens.Text("access_token");
        var protection = pool.Services.GetRequiredService<IDataProtectionProvider>();
        var content = new byte[24];
        content.AsSpan(16).Fill(0x7f);
        string[] forged =
        [
            token[..^1] + (token[^1] == 'A' ? 'B' : 'A'),
            token[..^8],
            "ct_",
            "ct_" + new string('A', 150),
            AccessTokens.AccessPrefix + System.Buffers.Text.Base64Url.EncodeToString(protection.CreateProtector("CocoonPool.AccessToken.v1", "another-pool").Protect(content)),
            AccessTokens.AccessPrefix + System.Buffers.Text.Base64Url.EncodeToString(protection.CreateProtector("CocoonPool.TotpSeed.v1", pool.Settings.Id).Protect(content)),
            tokens.Text("refresh_token"),
        ];

        foreach (var attempt in forged)
        {
            using var thief = pool.NewCaller(attempt);
            (await thief.Get("/auth/session")).Status.ShouldBe(401, attempt);
        }
    }

    [Fact]
    public async Task CookieSession_IsOutOfReachForScriptsAndOtherSites()
    {
        var person = await Person.Create(pool, "operator");
        using var browser = pool.NewCaller();
        using var response = await browser.PostAsJsonAsync("/auth/operator", new { username = person.Username, password = person.Password, totp = person.NextCode(), cookie = true });
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var cookies = response.Headers.GetValues("Set-Cookie").ToList();

        body.TryGetProperty("access_token", out _).ShouldBeFalse("scripts see no token");
        cookies.Count.ShouldBe(2);
        cookies.ShouldAllBe(c => c.Contains("httponly", StringComparison.OrdinalIgnoreCase) && c.Contains("secure", StringComparison.OrdinalIgnoreCase) && c.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase));
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        browser.DefaultRequestHeaders.Add("Cookie", cookies[0].Split(';')[0]);
        (await browser.Get("/auth/session")).Body.Text("csrf_token").Length.ShouldBeGreaterThan(20);

        // Without the token that only our page knows, a change is refused; with it, it is made; from another site never.
        (await browser.Post("/auth/logout")).Status.ShouldBe(403);
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", body.Text("csrf_token"));
        browser.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        (await browser.Post("/auth/logout")).Status.ShouldBe(403);
        (await browser.Get("/auth/session")).Status.ShouldBe(403);
        browser.DefaultRequestHeaders.Remove("Origin");
        (await browser.Post("/auth/logout")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task CsrfToken_OfAnotherSession_IsNotAccepted()
    {
        var (mine, others) = (await CookieSignIn(), await CookieSignIn());
        mine.Browser.DefaultRequestHeaders.Add("X-CSRF-Token", others.Csrf);

        (await mine.Browser.Post("/auth/logout")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task RevokedKey_IsShutOutInTime_AlsoWhenTheClockIsSetBack()
    {
        using var operators = pool.NewCaller(pool.OperatorKey);
        var made = (await operators.Post("/api/v1/keys", new { role = "auditor", subject = "clock", label = "" })).Body;
        using var officer = await pool.SignedIn("security", "officer");
        using var thief = pool.NewCaller(made.Text("key"));
        pool.Time.Advance(TimeSpan.FromMinutes(30));
        (await thief.Get("/api/v1/workers")).Status.ShouldBe(200);
        pool.Time.Advance(TimeSpan.FromMinutes(-30));

        (await officer.Send(HttpMethod.Delete, $"/api/v1/keys/{made.Text("id")}")).Status.ShouldBe(200);

        await FourEyes.Until(async () => (await thief.Get("/api/v1/workers")).Status == 401);
    }

    [Fact]
    public async Task KeyRing_IsRotated_AndWhatWasProtectedStaysReadable()
    {
        var (tokens, _) = await SignIn();
        using var officer = await pool.SignedIn("security", "officer");
        var before = await pool.Scalar<long>("select count(*) from key_ring");

        (await officer.Post("/api/v1/key-ring/rotate")).Status.ShouldBe(200);

        (await pool.Scalar<long>("select count(*) from key_ring")).ShouldBe(before + 1);
        using var person = pool.NewCaller(tokens.Text("access_token"));
        (await person.Get("/auth/session")).Status.ShouldBe(200);
    }

    private async Task<(JsonElement Tokens, HttpClient Stranger)> SignIn()
    {
        var person = await Person.Create(pool, "operator");
        var stranger = pool.NewCaller();
        var (status, body) = await person.SignIn(stranger);
        status.ShouldBe(200, body.ToString());
        return (body, stranger);
    }

    private async Task<(HttpClient Browser, string Csrf)> CookieSignIn()
    {
        var person = await Person.Create(pool, "operator");
        var browser = pool.NewCaller();
        using var response = await browser.PostAsJsonAsync("/auth/operator", new { username = person.Username, password = person.Password, totp = person.NextCode(), cookie = true });
        browser.DefaultRequestHeaders.Add("Cookie", response.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
        return (browser, (await response.Content.ReadFromJsonAsync<JsonElement>()).Text("csrf_token"));
    }
}
