using CocoonPool.Admin.Tests.Fixtures;

namespace CocoonPool.Admin.Tests;

/// <summary>What each command asks, and what it makes of the answer.</summary>
public class CommandTests
{
    private const string Page = "\"pagination\":{\"next_cursor\":\"9\",\"has_more\":true,\"total\":12}";

    private const string Worker =
        """{"id":"w1","participant_address":"0:aa","state":"active","state_cause":null,"connected":true,"running_tasks":2,"hardware":{"gpu_model":"H100","gpu_count":8},"models":[{"name":"m1"},{"name":"m2"}],"region":"eu"}""";

    private const string Settlement =
        """{"epoch":7,"phase":"paying","frozen":true,"trouble":"the wallet is empty","total_nano":"9007199254740993","paid_nano":"1","batches":[{"index":0,"phase":"done","payouts":2,"total_nano":"1","list_hash":"ab","transaction":"cd","network_fee_nano":"1500001"}]}""";

    private const string Epoch =
        """{"number":7,"phase":"settled","start":"2026-01-05T00:00:00+00:00","end":"2026-01-12T00:00:00+00:00","revenue_nano":"1000000000001","fee_nano":"50000000000","carried_over_nano":"0","participants":3,"merkle_root":"ab","bundle_hash":"cd"}""";

    private const string Approval = """{"id":"a-1","kind":"any","state":"proposed","payload":{}}""";

    public static TheoryData<string, string, string, string> Reads => new()
    {
        { "status", "GET /api/v1/pool/stats", """{"id":"main","name":"Pool","state":"active","participants":{"total":4,"active":3},"economics":{"paid_total_nano":"28500000001"}}""", "28.500000001 TON" },
        { "worker list", "GET /api/v1/workers?limit=1000", $$"""{"data":[{{Worker}}],{{Page}}}""", "8 × H100" },
        { "worker list --status active --model m/1 --limit 2 --cursor 9", "GET /api/v1/workers?limit=2&status=active&model=m%2F1&cursor=9", $$"""{"data":[{{Worker}}],{{Page}}}""", "--cursor 9" },
        { "worker status w1", "GET /api/v1/workers/w1", Worker, "m1, m2" },
        { "worker status ../keys", "GET /api/v1/workers/..%2Fkeys", Worker, "w1" },
        { "participant list", "GET /api/v1/participants?limit=1000", $$"""{"data":[{"address":"0:aa","state":"active","stake_nano":"100000000001","gpus":1}],{{Page}}}""", "100.000000001" },
        { "participant show 0:aa", "GET /api/v1/participants/0%3Aaa", """{"address":"0:aa","min_payout_nano":"50000000"}""", "0.050000000 TON" },
        { "participant slashes 0:aa", "GET /api/v1/participants/0%3Aaa/slashes?limit=1000", $$"""{"data":[{"id":"ab","offence":"downtime","state":"open","amount_nano":"5000000000","rate_bps":500}],{{Page}}}""", "5.000000000" },
        { "participant withdrawals 0:aa", "GET /api/v1/participants/0%3Aaa/stake/withdrawals?limit=1000", $$"""{"data":[{"id":"w1","state":"releasing","full":false,"amount_nano":"50","released_nano":"49"}],{{Page}}}""", "0.000000049" },
        { "pool parameters", "GET /api/v1/pool/parameters", """{"fee_bps":500,"enforce_concentration":false}""", "fee_bps" },
        { "pool proposals", "GET /api/v1/pool/parameters/proposals?limit=1000", $$"""{"data":[{"id":"p1","state":"waiting","reason":"cheaper"}],{{Page}}}""", "cheaper" },
        { "epoch list", "GET /api/v1/epochs?limit=1000", $$"""{"data":[{{Epoch}}],{{Page}}}""", "1000.000000001" },
        { "epoch show 7", "GET /api/v1/epochs/7", Epoch, "Merkle root   ab" },
        { "settlement status 7", "GET /api/v1/epochs/7/settlement", Settlement, "9007199.254740993 TON" },
        { "payment status --address 0:aa", "GET /api/v1/participants/0%3Aaa/payouts?limit=1000", $$"""{"data":[{"epoch":7,"batch":0,"amount_nano":"1","status":"paid","transaction":"ff","payout_address":"0:bb"}],{{Page}}}""", "0.000000001" },
        { "payment status --address 0:aa --epoch 7", "GET /api/v1/participants/0%3Aaa/payouts/7", """{"epoch":7,"index":3,"batch":0,"amount_nano":"1","status":"paid","list_hash":"ab","transaction":"ff"}""", "list hash     ab" },
        { "payment reconcile --date 2026-01-31", "GET /api/v1/payments/reconciliation?limit=1000&from=2026-01-31", """{"from":"2026-01-31","until":"2026-01-31","agrees":true,"payments":2,"received_nano":"5","epochs":[{"epoch":7}],"differences":{"data":[{"kind":"payment_not_read","passing":true,"text":"Soon.","remedy":"Nothing."}],"pagination":{"has_more":false}}}""", "ok payment_not_read: Soon." },
        { "settlement plan 7", "GET /api/v1/epochs/7/settlement/plan", """{"epoch":7,"planned":false,"total_nano":"3","covered":true,"batches":[{"index":0,"phase":"planned","payouts":2,"total_nano":"3","list_hash":"ab"}],"held":[]}""", "0.000000003 TON" },
        { "ledger show --limit 3", "GET /api/v1/ledger/transfers?limit=3", $$"""{"data":[{"sequence":1,"kind":"revenue","amount_nano":"-5"}],{{Page}}}""", "-0.000000005" },
        { "ledger verify", "GET /api/v1/ledger/verify", """{"transfers":18,"head_hash":"ab","first_problem":null}""", "ok Every transfer" },
        { "contribution months", "GET /api/v1/contributions/months?limit=1000", $$"""{"data":[{"table":"contributions_2026_01","month":"2026-01-01T00:00:00+00:00","rows":7,"bytes":8192}],{{Page}}}""", "contributions_2026_01" },
        { "user list", "GET /api/v1/users?limit=1000", $$"""{"data":[{"username":"alice","role":"pool-admin","own_credentials":true}],{{Page}}}""", "pool-admin" },
        { "user create alice --role pool-admin", "POST /api/v1/users", """{"username":"alice","role":"pool-admin","password":"pw-1","totp_secret":"ABC","recovery_codes":["r1","r2"]}""", "r1 r2" },
        { "user grant bob --role auditor", "POST /api/v1/users/bob/grant", """{"username":"bob","role":"auditor"}""", "auditor" },
        { "user credentials bob", "POST /api/v1/users/bob/credentials", """{"username":"bob","role":"auditor","password":"pw-2","totp_secret":"ABC","recovery_codes":[]}""", "pw-2" },
        { "user disable bob", "POST /api/v1/users/bob/disable", """{"username":"bob"}""", "at once" },
        { "user logout-all bob", "POST /api/v1/users/bob/logout-all", """{"subject":"bob"}""", "at once" },
        { "user audit bob", "GET /api/v1/users/bob/audit?limit=50", $$"""{"data":[{"sequence":3,"actor":"bob","action":"sign_in"}],{{Page}}}""", "sign_in" },
        { "audit show --actor alice --limit 2", "GET /api/v1/audit?limit=2&actor=alice", $$"""{"data":[{"sequence":3,"actor":"alice","action":"sign_in","success":false}],{{Page}}}""", "sign_in" },
        { "audit verify", "GET /api/v1/audit/verify", """{"from":1,"lines":9,"head":"ab","first_problem":null}""", "ok Every line" },
        { "key list", "GET /api/v1/keys?limit=1000", $$"""{"data":[{"id":"key_1","role":"client"}],{{Page}}}""", "key_1" },
        { "key create --role client --subject shop", "POST /api/v1/keys", """{"id":"key_1","role":"client","subject":"shop","key":"ck_x"}""", "ck_x" },
        { "key revoke key_1", "DELETE /api/v1/keys/key_1", """{"id":"key_1","revoked":true}""", "key_1 is revoked" },
        { "key rotate", "POST /api/v1/key-ring/rotate", """{"key_id":"k-2","active_at":"2026-01-05T00:00:00+00:00"}""", "k-2" },
        { "webhook list", "GET /api/v1/webhooks?limit=1000", $$"""{"data":[{"id":"w-1","url":"https://x.example/","events":["epoch_finalized","approval_executed"]}],{{Page}}}""", "epoch_finalized approval_executed" },
        { "webhook remove w-1", "DELETE /api/v1/webhooks/w-1", """{"id":"w-1","removed":true}""", "told no more" },
        { "webhook deliveries --limit 2", "GET /api/v1/webhooks/deliveries?limit=2", $$"""{"data":[{"id":"d-1","webhook_id":"w-1","event":"epoch_finalized","attempts":3,"last_outcome":"500"}],{{Page}}}""", "500" },
        { "webhook replay d-1", "POST /api/v1/webhooks/deliveries/d-1/replay", """{"id":"d-1","replayed":true}""", "d-1 is sent again" },
        { "config verify", "GET /api/v1/config/verify", """{"ok":true,"environment":"Production","findings":[]}""", "ok Nothing was found" },
        { "config show", "GET /api/v1/config", """{"Pool:Id":"main"}""", "Pool:Id" },
        { "approval list", "GET /api/v1/approvals?limit=1000", $$"""{"data":[{"id":"a-1","kind":"ledger_adjustment","state":"approved"}],{{Page}}}""", "ledger_adjustment" },
        { "approval approve a-1", "POST /api/v1/approvals/a-1/approve", """{"id":"a-1","kind":"ledger_adjustment","state":"approved","payload":{}}""", "approved" },
        { "health", "GET /ready", """{"status":"HEALTHY","checks":[{"service":"database","healthy":true,"latency_ms":16.66,"error":null}]}""", "ok HEALTHY" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Reading_AsksThis_AndShowsThat(string command, string request, string answer, string shown)
    {
        await using var pool = await FakePool.Start(request, answer);

        var run = await Run.Operator(pool, command.Split(' '));

        run.Code.ShouldBe(0, run.Error);
        run.Output.ShouldContain(shown);
        pool.Asked.Single().Request.ShouldBe(request);
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Json_IsPrintedUntouched(string command, string request, string answer, string shown)
    {
        var odd = " " + answer.Replace(":", " :  ", StringComparison.Ordinal) + "\n ";
        await using var pool = await FakePool.Start(request, odd);
        var run = await Run.Operator(pool, [.. command.Split(' '), "--json"]);
        run.Code.ShouldBe(0, $"{run.Error} {shown}");
        run.Output.ShouldBe(odd + Environment.NewLine);
    }

    [Theory]
    [InlineData("worker drain w1", "POST /api/v1/workers/w1/drain", "{}", Worker)]
    [InlineData("worker drain w1 --cause update", "POST /api/v1/workers/w1/drain", """{"cause":"update"}""", Worker)]
    [InlineData("worker activate w1", "POST /api/v1/workers/w1/activate", "{}", Worker)]
    [InlineData("worker deactivate w1", "POST /api/v1/workers/w1/deactivate", "{}", Worker)]
    [InlineData("worker quarantine w1 --cause lies", "POST /api/v1/workers/w1/quarantine", """{"cause":"lies"}""", Worker)]
    [InlineData("participant suspend 0:aa --reason lies", "POST /api/v1/participants/0%3Aaa/suspend", """{"reason":"lies"}""", """{"address":"0:aa","state":"suspended"}""")]
    [InlineData("participant unsuspend 0:aa", "POST /api/v1/participants/0%3Aaa/unsuspend", "{}", """{"address":"0:aa","state":"active"}""")]
    [InlineData("participant slash 0:aa --offence downtime --evidence log", "POST /api/v1/participants/0%3Aaa/slashes", """{"offence":"downtime","evidence":"log"}""", """{"id":"ab","state":"open"}""")]
    [InlineData("participant uphold 0:aa ab --reason log", "POST /api/v1/approvals", """{"kind":"slash_uphold","payload":{"participant":"0:aa","slash":"ab"},"reason":"log"}""", Approval)]
    [InlineData("participant void 0:aa ab --reason log", "POST /api/v1/participants/0%3Aaa/slashes/ab/void", """{"reason":"log"}""", """{"id":"ab","state":"voided"}""")]
    [InlineData("pool propose --set fee_bps=400 --set min_payout_nano=2000000000 --set enforce_concentration=true --reason cheaper", "POST /api/v1/approvals", """{"kind":"parameter_change","payload":{"fee_bps":400,"min_payout_nano":"2000000000","enforce_concentration":true},"reason":"cheaper"}""", Approval)]
    [InlineData("pool cancel p1", "DELETE /api/v1/pool/parameters/proposals/p1", "", """{"id":"p1","state":"cancelled"}""")]
    [InlineData("pool pause --reason racks", "POST /api/v1/pool/pause", """{"reason":"racks"}""", """{"id":"main","state":"paused"}""")]
    [InlineData("pool resume", "POST /api/v1/pool/resume", "{}", """{"id":"main","state":"active"}""")]
    [InlineData("maintenance start --reason racks", "POST /api/v1/maintenance", """{"reason":"racks"}""", """{"id":"main","state":"maintenance"}""")]
    [InlineData("maintenance schedule --from 2026-03-03T02:00 --until 2026-03-03T05:00+01:00 --reason racks", "POST /api/v1/maintenance", """{"reason":"racks","starts_at":"2026-03-03T02:00:00+00:00","ends_at":"2026-03-03T04:00:00+00:00"}""", """{"id":"m1","state":"announced"}""")]
    [InlineData("maintenance cancel m1", "DELETE /api/v1/maintenance/m1", "", """{"id":"m1","state":"cancelled"}""")]
    [InlineData("maintenance end", "DELETE /api/v1/maintenance", "", """{"id":"main","state":"active"}""")]
    [InlineData("epoch finalize --dry-run", "POST /api/v1/epochs/finalize", """{"dry_run":true,"early":false}""", """{"epoch":7,"revenue_nano":"1","fee_nano":"0","participants":3,"bundle_hash":"ab","dry_run":true}""")]
    [InlineData("epoch finalize", "POST /api/v1/epochs/finalize", """{"dry_run":false,"early":false}""", """{"epoch":7,"revenue_nano":"1","fee_nano":"0","participants":3,"bundle_hash":"ab","dry_run":false}""")]
    [InlineData("epoch rebuild 7", "POST /api/v1/epochs/7/rebuild", """{"check":false}""", """{"epoch":7,"check":false,"repaired":true,"differences":[{"participant":"0:aa","figure":"tasks","kept":"1","recomputed":"2"}]}""")]
    [InlineData("epoch rebuild 7 --check", "POST /api/v1/epochs/7/rebuild", """{"check":true}""", """{"epoch":7,"check":true,"repaired":false,"differences":[]}""")]
    [InlineData("contribution retire --before 2026-02", "POST /api/v1/contributions/retire", """{"before":"2026-02-01T00:00:00+00:00"}""", """{"retired":["retired_contributions_2026_01"],"kept":null}""")]
    [InlineData("settlement start 7", "POST /api/v1/epochs/7/settlement", "{}", Settlement)]
    [InlineData("settlement resume 7 --reason checked", "POST /api/v1/approvals", """{"kind":"settlement_resume","payload":{"epoch":7},"reason":"checked"}""", Approval)]
    [InlineData("settlement freeze 7 --reason check", "POST /api/v1/epochs/7/settlement/freeze", """{"reason":"check"}""", Settlement)]
    public async Task Acting_SendsThis_WithTheOperatorsKey(string command, string request, string body, string answer)
    {
        await using var pool = await FakePool.Start(request, answer);
        var run = await Run.Operator(pool, command.Split(' '));
        run.Code.ShouldBe(0, run.Error);
        pool.Asked.Single().ShouldBe(new Asked(request, body, "Bearer " + FakePool.Key));
    }

    [Fact]
    public async Task Health_OfAnUnhealthyPool_ShowsWhatIsWrong_AndEndsWith1()
    {
        await using var pool = await FakePool.Start();
        pool.Answer("GET /ready", """{"status":"UNHEALTHY","checks":[{"service":"chain_gateway","healthy":false,"latency_ms":3000,"error":"The chain gateway does not answer."}]}""", 503);
        var run = await Run.Operator(pool, "health");
        run.Code.ShouldBe(1);
        run.Output.ShouldContain("The chain gateway does not answer.");
        (await Run.Operator(pool, "health", "--json")).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"transfers":18,"head_hash":"ab","first_problem":"Transfer 5 does not follow its hash."}""")]
    [InlineData("{}")]
    public async Task LedgerVerify_OfBooksThatAreNotRight_EndsWith1(string answer)
    {
        await using var pool = await FakePool.Start("GET /api/v1/ledger/verify", answer);
        (await Run.Operator(pool, "ledger", "verify")).Code.ShouldBe(1);
        (await Run.Operator(pool, "ledger", "verify", "--json")).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData("epoch rebuild 7 --check", "POST /api/v1/epochs/7/rebuild", """{"epoch":7,"check":true,"repaired":false,"differences":[{"participant":"0:aa","figure":"tasks","kept":"1","recomputed":"2"}]}""", "tasks")]
    [InlineData("settlement plan 7", "GET /api/v1/epochs/7/settlement/plan", """{"epoch":7,"planned":false,"covered":false,"available_nano":"1","needed_nano":"2"}""", "0.000000002 TON")]
    [InlineData("payment reconcile", "GET /api/v1/payments/reconciliation?limit=1000", """{"agrees":false,"differences":{"data":[{"kind":"line_missing","passing":false,"text":"No line.","expected_nano":"7","participant":"0:aa","remedy":"Ask."}]}}""", "x line_missing: No line. 0.000000007 TON. participant: 0:aa.")]
    [InlineData("contribution retire --before 2026-02", "POST /api/v1/contributions/retire", """{"retired":[],"kept":"contributions_2026_01: epoch_unsettled"}""", "epoch_unsettled")]
    public async Task Answer_ThatSomethingIsNotAsItShouldBe_IsShown_AndEndsWith1(string command, string request, string answer, string shown)
    {
        await using var pool = await FakePool.Start(request, answer);
        var run = await Run.Operator(pool, command.Split(' '));
        run.Code.ShouldBe(1);
        run.Output.ShouldContain(shown);
    }

    [Fact]
    public async Task Reconcile_WithFreeze_StopsThePayoutsOfWhoIsConcerned_AndOfNobodyElse()
    {
        await using var pool = await FakePool.Start(
            "GET /api/v1/payments/reconciliation?limit=1000&from=2026-01-30&until=2026-01-31",
            """{"agrees":false,"differences":{"data":[{"kind":"line_missing","passing":false,"participant":"0:aa"},{"kind":"claim_not_booked","passing":true,"participant":"0:bb"},{"kind":"line_differs","passing":false,"participant":"0:aa"},{"kind":"contract_short","passing":false}]}}""",
            "POST /api/v1/participants/0%3Aaa/payout-freeze", "{}");
        (await Run.Operator(pool, "payment", "reconcile", "--date", "2026-01-30", "--until", "2026-01-31", "--freeze")).Code.ShouldBe(1);
        pool.Asked.Skip(1).Single().ShouldBe(new Asked("POST /api/v1/participants/0%3Aaa/payout-freeze", """{"reason":"reconciliation: line_missing"}""", "Bearer " + FakePool.Key));
    }

    [Fact]
    public async Task Reconcile_OfSomethingThatIsNoDay_IsAUsageMistake() =>
        (await Run.Admin("payment", "reconcile", "--date", "31.01.2026")).Code.ShouldBe(2);

    [Fact]
    public async Task Retire_OfSomethingThatIsNoMonth_IsAUsageMistake() =>
        (await Run.Admin("contribution", "retire", "--before", "January")).Code.ShouldBe(2);

    [Fact]
    public async Task ControlCharactersInNames_DoNotReachTheTerminal()
    {
        await using var pool = await FakePool.Start("GET /api/v1/workers/w1", """{"id":"w1\u001b[2J","state":"[red]active"}""");
        var run = await Run.Operator(pool, "worker", "status", "w1");
        run.Output.ShouldNotContain("\u001b");
        run.Output.ShouldContain("[red]active");
    }

    [Theory]
    [InlineData("--help", "Usage:")]
    [InlineData("worker --help", "cocoon-admin worker drain alice-worker")]
    [InlineData("settlement freeze --help", "cocoon-admin settlement freeze 7 --reason")]
    public async Task Help_HasExamplesAndExitCodes(string command, string shown)
    {
        var run = await Run.Admin(command.Split(' '));
        run.Code.ShouldBe(0);
        run.Output.ShouldContain(shown);
        run.Output.ShouldContain("Exit codes: 0 done, 1 refused or different, 2 wrong usage, 3 no pool answers.");
    }
}
