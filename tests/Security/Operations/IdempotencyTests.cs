using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Operations;

public sealed class IdempotencyTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task SameKeyAndBody_GetTheSameAnswer_AndOneEffect()
    {
        using var caller = pool.NewCaller(pool.OperatorKey);
        var (key, body) = (NewKey(), new { role = "client", subject = NewKey(), label = "" });

        var first = await caller.Post("/api/v1/keys", body, key);
        var second = await caller.Post("/api/v1/keys", body, key);

        (first.Status, second.Status).ShouldBe((201, 201));
        second.Body.GetRawText().ShouldBe(first.Body.GetRawText());
        (await pool.Scalar<long>($"select count(*) from api_keys where subject = '{body.subject}'")).ShouldBe(1);
    }

    [Fact]
    public async Task SameKeyWithAnotherBodyOrPath_IsAConflict()
    {
        using var caller = pool.NewCaller(pool.OperatorKey);
        var key = NewKey();
        await caller.Post("/api/v1/keys", new { role = "client", subject = "a", label = "" }, key);

        (await caller.Post("/api/v1/keys", new { role = "client", subject = "b", label = "" }, key)).Body.Code().ShouldBe("idempotency_conflict");
        (await caller.Post("/api/v1/pool/resume", new { }, key)).Body.Code().ShouldBe("idempotency_conflict");
    }

    [Fact]
    public async Task SameRequestManyTimesAtOnce_IsMadeOnce()
    {
        using var caller = pool.NewCaller(pool.OperatorKey);
        var (key, body) = (NewKey(), new { role = "client", subject = NewKey(), label = "" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => caller.Post("/api/v1/keys", body, key)));

        answers.ShouldAllBe(a => a.Status == 201);
        answers.Select(a => a.Body.Text("key")).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Key_OfAnotherCaller_IsAnotherKey()
    {
        using var operatorKey = pool.NewCaller(pool.OperatorKey);
        using var admin = await pool.SignedIn("pool-admin", "some-admin");
        var (key, body) = (NewKey(), new { role = "client", subject = NewKey(), label = "" });

        var mine = await operatorKey.Post("/api/v1/keys", body, key);
        var others = await admin.Post("/api/v1/keys", body, key);

        others.Body.Text("key").ShouldNotBe(mine.Body.Text("key"));
    }

    [Fact]
    public async Task Key_OfAPerson_IsNotThatOfAnApiKeyWithThePersonsName()
    {
        var (key, body) = (NewKey(), new { role = "client", subject = NewKey(), label = "" });
        using var operators = pool.NewCaller(pool.OperatorKey);
        var namesake = (await operators.Post("/api/v1/keys", new { role = "operator", subject = "amy-namesake", label = "" })).Body.Text("key");
        using var amy = await pool.SignedIn("operator", "amy-namesake");
        using var thief = pool.NewCaller(namesake);

        var first = (await amy.Post("/api/v1/keys", body, key)).Body.Text("key");

        (await thief.Post("/api/v1/keys", body, key)).Body.Text("key").ShouldNotBe(first);
    }

    [Fact]
    public async Task Refusal_IsRememberedToo()
    {
        using var caller = pool.NewCaller(pool.OperatorKey);
        var (key, newcomer) = (NewKey(), $"0:{Guid.NewGuid():n}{Guid.NewGuid():n}");
        var suspension = new { reason = "who is this?" };

        (await caller.Post($"/api/v1/participants/{newcomer}/suspend", suspension, key)).Status.ShouldBe(404);
        (await caller.Post("/api/v1/participants", new { wallet_address = newcomer })).Status.ShouldBe(201);

        // The participant is there by now, and the first answer is the answer all the same.
        (await caller.Post($"/api/v1/participants/{newcomer}/suspend", suspension, key)).Status.ShouldBe(404);
        (await caller.Post($"/api/v1/participants/{newcomer}/suspend", suspension, NewKey())).Status.ShouldNotBe(404);
    }

    [Fact]
    public async Task Key_IsForgottenAfterADay()
    {
        var (key, body) = (NewKey(), new { role = "client", subject = NewKey(), label = "" });
        using var caller = pool.NewCaller(pool.OperatorKey);
        var first = await caller.Post("/api/v1/keys", body, key);
        pool.Time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        (await caller.Post("/api/v1/keys", body, key)).Body.Text("key").ShouldNotBe(first.Body.Text("key"));
    }

    [Fact]
    public async Task KeptAnswer_IsSealed()
    {
        using var caller = pool.NewCaller(pool.OperatorKey);
        var made = (await caller.Post("/api/v1/keys", new { role = "client", subject = "sealed", label = "" }, NewKey())).Body.Text("key");

        (await pool.Scalar<long>($"select count(*) from idempotent_requests where position(decode('{Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(made))}', 'hex') in body) > 0")).ShouldBe(0);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task Key_ThatIsNone_IsRefused(string key)
    {
        using var caller = pool.NewCaller(pool.OperatorKey);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/pool/resume") { Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key.Length > 0 ? key : new string('k', 129));
        using var answer = await caller.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(400);
    }

    private static string NewKey() => $"{Guid.NewGuid():n}";
}
