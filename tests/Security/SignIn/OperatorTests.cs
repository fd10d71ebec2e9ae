using System.Diagnostics;
using System.Text;
using CocoonPool.Domain.Access;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.SignIn;

public sealed class OperatorTests(PoolUnderAttack pool)
{
    [Theory]
    // RFC 6238, appendix B, the last six digits.
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1234567890, "005924")]
    [InlineData(20000000000, "353130")]
    public void Totp_IsTheStandards(long at, string code) =>
        Totp.Code(Encoding.ASCII.GetBytes("12345678901234567890"), DateTimeOffset.FromUnixTimeSeconds(at)).ShouldBe(code);

    [Fact]
    public async Task FirstAdmin_IsMadeWithTheHostsKey_AndOnlyTheFirst()
    {
        await pool.Execute("delete from account_recovery_codes; delete from accounts");
        using var host = pool.NewCaller(pool.OperatorKey);

        (await host.Post("/api/v1/users", new { username = "someone", role = "operator" })).Status.ShouldBe(403);
        var first = await host.Post("/api/v1/users", new { username = "founder", role = "pool-admin" });
        var second = await host.Post("/api/v1/users", new { username = "intruder", role = "pool-admin" });

        first.Status.ShouldBe(201);
        (second.Status, second.Body.Code()).ShouldBe((409, "conflict"));
        using var founder = await new Person(pool, "founder", first.Body).SignedIn();
        (await founder.Post("/api/v1/users", new { username = "helper", role = "operator" })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task EveryPartThatIsWrong_HasTheSameAnswer()
    {
        var person = await Person.Create(pool, "operator");
        var answers = new List<string>();
        foreach (var (name, password, totp) in new[]
        {
            (person.Username, "wrong password", person.NextCode()),
            (person.Username, person.Password, "000000"),
            ("nobody-at-all", person.Password, person.NextCode()),
            ("'; drop table accounts; --", person.Password, "123456"),
        })
        {
            using var stranger = pool.NewCaller();
            var (status, body) = await stranger.Post("/auth/operator", new { username = name, password, totp });
            answers.Add($"{status} {body.GetProperty("error").Text("code")} {body.GetProperty("error").Text("message")}");
        }

        answers.Distinct().ShouldHaveSingleItem().ShouldStartWith("401 unauthorized");
    }

    [Fact]
    public async Task Failure_TakesAsLongForAnAccountThatDoesNotExist()
    {
        var person = await Person.Create(pool, "operator");
        var known = new List<double>();
        var unknown = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            known.Add(await Time(person.Username));
            unknown.Add(await Time($"nobody-{i}"));
        }

        // Both hash a password once; without that the unknown one would answer many times faster.
        var (a, b) = (known.Order().ElementAt(1), unknown.Order().ElementAt(1));
        (Math.Max(a, b) / Math.Min(a, b)).ShouldBeLessThan(3, $"{a} ms and {b} ms");

        async Task<double> Time(string username)
        {
            using var stranger = pool.NewCaller();
            await stranger.Get("/health");
            var start = Stopwatch.GetTimestamp();
            (await stranger.Post("/auth/operator", new { username, password = "guessed by somebody", totp = "123456" })).Status.ShouldBe(401);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    [Fact]
    public async Task FiveFailures_LockTheAccountFromEverywhere_ForFiveMinutes()
    {
        var person = await Person.Create(pool, "operator");
        for (var i = 0; i < 5; i++)
        {
            using var thief = pool.NewCaller();
            (await person.SignIn(thief, password: $"guess {i}")).Status.ShouldBe(401);
        }

        using var elsewhere = pool.NewCaller();
        var (status, body) = await person.SignIn(elsewhere);

        (status, body.Code()).ShouldBe((429, "too_many_attempts"));
        pool.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        (await person.SignIn(elsewhere)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task FiveFailures_LockTheAddress_WhateverNamesItTried()
    {
        var person = await Person.Create(pool, "operator");
        using var thief = pool.NewCaller();
        for (var i = 0; i < 5; i++)
            (await thief.Post("/auth/operator", new { username = $"guess-{i}", password = "12345678", totp = "123456" })).Status.ShouldBe(401);

        (await person.SignIn(thief)).Status.ShouldBe(429);
        using var owner = pool.NewCaller();
        (await person.SignIn(owner)).Status.ShouldBe(200, "the owner is elsewhere, and is not locked out");
    }

    [Fact]
    public async Task GuessesSentAtOnce_AreCountedAllTheSame()
    {
        var person = await Person.Create(pool, "operator");
        using var thief = pool.NewCaller();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => thief.Post("/auth/operator", new { username = person.Username, password = $"guess {i}", totp = "123456" })));

        answers.Count(a => a.Status == 401).ShouldBe(5);
        answers.Count(a => a.Status == 429).ShouldBe(15);
        pool.Time.Advance(TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task Code_UsedTwice_IsRefused()
    {
        var person = await Person.Create(pool, "operator");
        var code = person.NextCode();
        using var stranger = pool.NewCaller();

        (await person.SignIn(stranger, totp: code)).Status.ShouldBe(200);
        (await person.SignIn(stranger, totp: code)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task RecoveryCode_ReplacesTheAuthenticatorOnce()
    {
        var person = await Person.Create(pool, "operator");
        using var stranger = pool.NewCaller();
        var body = new { username = person.Username, password = person.Password, recovery_code = person.RecoveryCodes[3].ToLowerInvariant() };

        (await stranger.Post("/auth/operator", body with { password = "not the password" })).Status.ShouldBe(401);
        (await stranger.Post("/auth/operator", body)).Status.ShouldBe(200, "a wrong password does not use the code up");
        (await stranger.Post("/auth/operator", body)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task DisabledAccount_IsOutAtOnce()
    {
        var person = await Person.Create(pool, "operator");
        using var session = await person.SignedIn();
        using var officer = await pool.SignedIn("security", "officer");

        (await officer.Post($"/api/v1/users/{person.Username}/disable")).Status.ShouldBe(200);

        (await session.Get("/auth/session")).Status.ShouldBe(401);
        using var stranger = pool.NewCaller();
        (await person.SignIn(stranger)).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("disabled_at = now()")]
    [InlineData("role = 'auditor'")]
    public async Task SessionOpenedAtTheMomentOfTheShutOut_IsWorthNothing(string change)
    {
        var person = await Person.Create(pool, "operator");
        using var late = await person.SignedIn();
        (await late.Get("/auth/session")).Status.ShouldBe(200);

        // As it lies when the sign-in ends after the sessions were ended: the account has changed and the session is there.
        await pool.Execute($"update accounts set {change} where username = '{person.Username}'");

        (await late.Get("/auth/session")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Grant_EndsTheSessionsOfTheOldRole()
    {
        var person = await Person.Create(pool, "operator");
        using var session = await person.SignedIn();
        using var admin = await pool.SignedIn("pool-admin", "some-admin");

        (await admin.Post($"/api/v1/users/{person.Username}/grant", new { role = "auditor" })).Status.ShouldBe(200);

        (await session.Get("/auth/session")).Status.ShouldBe(401);
        using var anew = await person.SignedIn();
        (await anew.Get("/auth/session")).Body.Text("role").ShouldBe("auditor");
    }

    [Fact]
    public async Task NewCredentials_MakeTheOldOnesWorthless()
    {
        var person = await Person.Create(pool, "operator");
        var (password, secret) = (person.Password, person.Secret);
        await person.TakeOver();

        using var thief = pool.NewCaller();
        (await thief.Post("/auth/operator", new { username = person.Username, password, totp = person.NextCode() })).Status.ShouldBe(401);
        secret.ShouldNotBe(person.Secret);
        (await person.SignIn(thief)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Database_HoldsNothingThatSignsIn()
    {
        var person = await Person.Create(pool, "operator");

        var row = await pool.Scalar<string>($"select row_to_json(a)::text from accounts a where username = '{person.Username}'");
        var ring = await pool.Scalar<string>("select string_agg(xml, '') from key_ring");

        row.ShouldNotContain(person.Password);
        row.ShouldNotContain(person.Secret);
        (await pool.Scalar<long>($"select count(*) from accounts where username = '{person.Username}' and position(decode('{Convert.ToHexString(Encoding.ASCII.GetBytes(person.Secret))}', 'hex') in totp_seed) > 0")).ShouldBe(0);
        ring.ShouldContain("sealed");
        ring.ShouldNotContain("<masterKey", Case.Insensitive);
    }
}
