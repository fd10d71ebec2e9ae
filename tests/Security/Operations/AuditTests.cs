using CocoonPool.Adapters.Postgres.Audit;
using CocoonPool.Domain.Audit;
using CocoonPool.Security.Tests.Host;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Operations;

public sealed class AuditTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task Change_LeavesALineWithBeforeAndAfter()
    {
        var participant = $"0:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("audited"u8))}";
        using var key = pool.NewCaller(pool.OperatorKey);
        await key.Post("/api/v1/participants", new { wallet_address = participant });

        (await key.Send(HttpMethod.Patch, $"/api/v1/participants/{participant}/settings", new { min_payout_nano = "2000000000" })).Status.ShouldBe(200);

        using var auditor = await pool.SignedIn("auditor", "auditor");
        var line = (await auditor.Get("/api/v1/audit?limit=20")).Body.GetProperty("data").EnumerateArray().First(l => l.Text("action").StartsWith("PATCH", StringComparison.Ordinal));
        line.Text("actor").ShouldBe("operator");
        line.Text("source").ShouldStartWith("127.0.");
        line.GetProperty("success").GetBoolean().ShouldBeTrue();
        line.GetProperty("before").Text("min_payout_nano").ShouldBe("1000000000");
        line.GetProperty("after").Text("min_payout_nano").ShouldBe("2000000000");
    }

    [Fact]
    public async Task CallerWhoHangsUp_LeavesALineAllTheSame()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        var client = (await key.Post("/api/v1/keys", new { role = "operator", subject = "hangs-up", label = "" })).Body.Text("key");
        const string body = """{"reason":"and away"}""";
        using (var connection = await Limits.RawConnection.Open(pool.Url))
            await connection.Say($"POST /api/v1/pool/pause HTTP/1.1\r\nHost: pool\r\nAuthorization: Bearer {client}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        await FourEyes.Until(async () => await pool.Scalar<long>("select count(*) from audit_log where actor = 'hangs-up' and action = 'POST /api/v1/pool/pause'") == 1);
        (await key.Post("/api/v1/pool/resume")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task WhoIsTurnedAway_LeavesALine()
    {
        using var client = await pool.SignedIn("client", "curious-client");

        (await client.Get("/api/v1/participants")).Status.ShouldBe(403);

        (await pool.Scalar<long>("select count(*) from audit_log where actor = 'curious-client' and not success and after like '%forbidden%'")).ShouldBe(1);
    }

    [Fact]
    public async Task Log_NeverHoldsWhatOpensADoor()
    {
        var person = await Person.Create(pool, "operator");
        using var stranger = pool.NewCaller();
        var tokens = (await person.SignIn(stranger)).Body;
        await person.SignIn(stranger, password: "a wrong secret word");
        using var key = pool.NewCaller(pool.OperatorKey);
        var made = (await key.Post("/api/v1/keys", new { role = "client", subject = "c", label = "l" })).Body.Text("key");

        var log = await pool.Scalar<string>("select string_agg(row_to_json(a)::text, '') from audit_log a");

        foreach (var secret in (string[])[person.Password, person.Secret, person.RecoveryCodes[0], tokens.Text("access_token"), tokens.Text("refresh_token"), "a wrong secret word", made, pool.OperatorKey])
            log.ShouldNotContain(secret);
    }

    [Fact]
    public async Task NameThatTriesToWriteALineOfItsOwn_StaysOneLine()
    {
        using var stranger = pool.NewCaller();

        await stranger.Post("/auth/operator", new { username = "x\nadmin signed in", password = "p", totp = "123456" });
        using var key = pool.NewCaller(pool.OperatorKey);
        await key.Post("/api/v1/workers/evil%0Aline%1b[2J/drain");

        (await pool.Scalar<long>("select count(*) from audit_log where actor ~ '[\\x00-\\x1f]' or object ~ '[\\x00-\\x1f]'")).ShouldBe(0);
        (await pool.Scalar<long>("select count(*) from audit_log where actor like '%admin signed in%'")).ShouldBe(0);
    }

    [Fact]
    public async Task Strangers_CannotFillTheLog()
    {
        using var stranger = pool.NewCaller();
        var before = await pool.Scalar<long>("select count(*) from audit_log");

        for (var i = 0; i < 200; i++)
            (await stranger.Get("/api/v1/workers")).Status.ShouldBe(401);

        (await pool.Scalar<long>("select count(*) from audit_log") - before).ShouldBeInRange(1, 120);
    }

    [Fact]
    public async Task Log_RefusesToBeChanged()
    {
        foreach (var sql in (string[])["update audit_log set actor = 'nobody'", "delete from audit_log", "truncate audit_log"])
            (await Should.ThrowAsync<Npgsql.PostgresException>(() => pool.Execute(sql))).MessageText.ShouldContain("append-only");
        var partition = await pool.Scalar<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'audit_log'::regclass limit 1");
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => pool.Execute($"delete from {partition}"))).MessageText.ShouldContain("append-only");
    }

    [Fact]
    public async Task Verify_FindsWhatTheDatabasesOwnerChanged()
    {
        // A log of its own: what an owner of the database did to it cannot be undone.
        var log = new AuditLog(pool.Database, pool.Time);
        const string poolId = "tampered";
        for (var i = 0; i < 5; i++)
            await log.Append(poolId, [Entry($"step {i}"), Entry($"half step {i}")]);
        (await log.Verify(poolId)).ShouldSatisfyAllConditions(v => v.FirstProblem.ShouldBeNull(), v => v.Lines.ShouldBe(10));

        await AsOwner("update audit_log set actor = 'somebody else' where pool_id = 'tampered' and sequence = 4");
        (await log.Verify(poolId)).FirstProblem.ShouldBe("Line 4 was changed after it was written.");
        await AsOwner("delete from audit_log where pool_id = 'tampered' and sequence = 4");
        (await log.Verify(poolId)).FirstProblem.ShouldBe("After line 3 comes line 5: lines in between are missing.");
        await AsOwner("delete from audit_log where pool_id = 'tampered' and sequence >= 4");
        (await log.Verify(poolId)).FirstProblem.ShouldBe("The log ends at line 3, but 10 were written.");
    }

    [Fact]
    public async Task Chain_IsWhole_HoweverManyServersWriteAtOnce()
    {
        const string poolId = "crowded";
        // Each server has a log of its own over one database.
        var servers = Enumerable.Range(0, 8).Select(_ => new AuditLog(pool.Database, pool.Time)).ToArray();

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
            await servers[i % servers.Length].Append(poolId, [.. Enumerable.Range(0, 1 + (i % 3)).Select(part => Entry($"{i}.{part}"))], stop));

        var expected = Enumerable.Range(0, 200).Sum(i => 1 + (i % 3));
        (await servers[0].Verify(poolId)).ShouldSatisfyAllConditions(v => v.FirstProblem.ShouldBeNull(), v => v.Lines.ShouldBe(expected));
        (await servers[0].Read(poolId, 0, newestFirst: false, 1_000)).Select(l => l.Sequence).ShouldBe(Enumerable.Range(1, expected).Select(n => (long)n));
    }

    [Fact]
    public async Task Pause_LeavesALineWithTheStateBefore()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Post("/api/v1/pool/pause", new { reason = "a drill" })).Status.ShouldBe(200);
        (await key.Post("/api/v1/pool/resume")).Status.ShouldBe(200);

        using var auditor = await pool.SignedIn("auditor", "auditor");
        var line = (await auditor.Get("/api/v1/audit?limit=20&actor=operator")).Body.GetProperty("data").EnumerateArray().First(l => l.Text("action") == "POST /api/v1/pool/resume");
        line.GetProperty("before").Text("state").ShouldBe("paused", line.ToString());
        line.GetProperty("before").Text("state_reason").ShouldBe("a drill");
        line.GetProperty("after").Text("state").ShouldBe("active");
    }

    [Fact]
    public async Task Retention_DropsWholeMonths_AndTheRestStillVerifies()
    {
        var log = new AuditLog(pool.Database, pool.Time);
        const string poolId = "old";
        var longAgo = new DateTimeOffset(2020, 1, 15, 0, 0, 0, TimeSpan.Zero);
        await log.Append(poolId, [Entry("january") with { At = longAgo }]);
        await log.Append(poolId, [Entry("february") with { At = longAgo.AddMonths(1) }]);
        await log.Append(poolId, [Entry("now")]);

        (await log.DropBefore(longAgo.AddMonths(1))).ShouldBe(1);

        (await log.Verify(poolId)).ShouldBe(new AuditVerification(2, 2, (await log.Verify(poolId)).Head, null));
        (await log.Read(poolId, 0, newestFirst: false, 10)).Select(l => l.Entry.Action).ShouldBe(["february", "now"]);
    }

    [Fact]
    public async Task WholeLogOfThisPool_Verifies()
    {
        using var auditor = await pool.SignedIn("auditor", "auditor");

        var verification = (await auditor.Get("/api/v1/audit/verify")).Body;

        verification.GetProperty("first_problem").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null, verification.ToString());
        verification.GetProperty("lines").GetInt64().ShouldBeGreaterThan(0);
    }

    private AuditEntry Entry(string action) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(pool.Time.GetUtcNow().ToUnixTimeMilliseconds()), "tester", "operator", action, "", "127.0.0.1", true, "req");

    private Task AsOwner(string sql) => pool.Execute($"set session_replication_role = replica; {sql}; set session_replication_role = origin");
}
