using System.Net;
using System.Text;
using System.Text.Json;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Agent.Tests.Link;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using CocoonPool.Silo.Workers.Polling;
using CocoonPool.TestKit;

namespace CocoonPool.Agent.Tests.Polling;

/// <summary>Workers that poll take the same way as those that hold a stream.</summary>
public sealed class PollingTests
{
    private static readonly string Worker = PollingAgent.Id.Value;

    [Fact]
    public async Task Task_FetchedAndHandedIn_AnswersTheClient()
    {
        await using var pool = await PoolUnderTest.Start();
        using var agent = await Joined(pool);
        var answer = TaskLinkTests.Collect(pool.Run(PollingAgent.Id, PoolUnderTest.Chat("poll-1", stream: false)));

        var task = (await agent.Task())!.Value;
        var (status, _) = await agent.Post(PollingAgent.Submit, new { worker_id = Worker, task_id = "poll-1", result = new { status = 200, body = new { ok = true } } });
        var (again, _) = await agent.Post(PollingAgent.Submit, new { worker_id = Worker, task_id = "poll-1", result = new { status = 200, body = new { ok = false } } });

        task.GetProperty("ticket").GetString().ShouldBe("ticket-poll-1");
        task.GetProperty("body").GetProperty("messages").GetArrayLength().ShouldBe(1);
        (status, again).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Conflict));
        var item = (await answer.Soon()).ShouldHaveSingleItem();
        item.End!.Status.ShouldBe(200);
        Encoding.UTF8.GetString(item.Data).ShouldBe("""{"ok":true}""");
    }

    [Fact]
    public async Task StreamedTask_WithMorePiecesThanCredits_BringsAllInOrder()
    {
        await using var pool = await PoolUnderTest.Start();
        using var agent = await Joined(pool);
        var answer = TaskLinkTests.Collect(pool.Run(PollingAgent.Id, PoolUnderTest.Chat("poll-2", stream: true)));
        await agent.Task();

        var chunks = Enumerable.Range(0, 200).Select(i => new { choices = new[] { new { index = 0, delta = new { content = $"{i}" } } } });
        var (status, _) = await agent.Post(PollingAgent.Submit, new { worker_id = Worker, task_id = "poll-2", result = new { status = 200, chunks, usage = new { prompt = 3, cached = 0, completion = 200, reasoning = 0 } } });

        status.ShouldBe(HttpStatusCode.OK);
        var items = await answer.Soon();
        items.Sum(i => i.Tokens).ShouldBe(200);
        Encoding.UTF8.GetString(items[150].Data).ShouldContain("\"150\"");
        items[^1].End!.Usage!.Prompt.ShouldBe(3);
    }

    [Fact]
    public async Task Task_NotHandedInWithinItsLease_GoesElsewhereAsTheWorkersFault()
    {
        var time = new ManualTimeProvider();
        await using var pool = await PoolUnderTest.Start(time: time);
        using var agent = await Joined(pool, time);
        var answer = TaskLinkTests.Collect(pool.Run(PollingAgent.Id, PoolUnderTest.Chat("poll-3", stream: false)));
        await agent.Task();

        time.Advance(PollTimes.Default.Lease);

        var end = (await answer.Soon()).ShouldHaveSingleItem().End!;
        (end.Status, end.Code).ShouldBe((504, "lease_expired"));
        ObservedTasks.OutcomeOf(end.Status).ShouldBe(TaskOutcome.WorkerFault);
        var (late, body) = await agent.Post(PollingAgent.Submit, new { worker_id = Worker, task_id = "poll-3", result = new { status = 200, body = new { } } });
        late.ShouldBe(HttpStatusCode.Conflict);
        body.GetProperty("error").GetProperty("code").GetString().ShouldBe("task_not_assigned");
    }

    [Fact]
    public async Task Task_ThatNobodyFetches_GoesElsewhereAndIsNobodysFault()
    {
        var time = new ManualTimeProvider();
        await using var pool = await PoolUnderTest.Start(time: time);
        using var agent = await Joined(pool, time);
        var answer = TaskLinkTests.Collect(pool.Run(PollingAgent.Id, PoolUnderTest.Chat("poll-4", stream: false)));
        // The heartbeat's answer comes behind the assignment on the same way, so the task lies there now.
        (await Beat(agent)).ShouldBe(HttpStatusCode.OK);

        time.Advance(PollTimes.Default.Fetch);

        var end = (await answer.Soon()).ShouldHaveSingleItem().End!;
        (end.Status, end.Code).ShouldBe((503, "worker_not_polling"));
        (await agent.Task(waitMs: 0)).ShouldBeNull("it is another worker's now");
    }

    [Fact]
    public async Task Worker_ThatFallsSilent_LosesItsSession()
    {
        var time = new ManualTimeProvider();
        await using var pool = await PoolUnderTest.Start(time: time);
        using var agent = await Joined(pool, time);

        time.Advance(PollTimes.Default.Silence);

        await pool.Worker(PollingAgent.Id).Closed.Next();
        (await TaskLinkTests.Collect(pool.Run(PollingAgent.Id, PoolUnderTest.Chat("poll-5", stream: false))).Soon())
            .ShouldHaveSingleItem().End!.Code.ShouldBe("worker_lost");
    }

    [Fact]
    public async Task SiloThatStops_TakesTheLastAnswer_AndOpensNoNewSession()
    {
        await using var pool = await PoolUnderTest.Start(configure: link => link.StopGrace = TimeSpan.FromMinutes(1));
        using var agent = await Joined(pool);
        var answer = TaskLinkTests.Collect(pool.Run(PollingAgent.Id, PoolUnderTest.Chat("poll-7", stream: false)));
        await agent.Task();

        pool.AnnounceStop();
        var (status, _) = await agent.Post(PollingAgent.Submit, new { worker_id = Worker, task_id = "poll-7", result = new { status = 200, body = new { ok = true } } });
        await pool.Worker(PollingAgent.Id).Closed.Next();

        status.ShouldBe(HttpStatusCode.OK);
        (await answer.Soon()).ShouldHaveSingleItem().End!.Status.ShouldBe(200);
        (await agent.Post(PollingAgent.Fetch, new { worker_id = Worker })).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        pool.Worker(PollingAgent.Id).Opened.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Request_ThatIsNotSignedByTheWorkerJustNow_IsRefused()
    {
        await using var pool = await PoolUnderTest.Start();
        using var agent = await Joined(pool);
        using var stranger = new PollingAgent(pool, TimeProvider.System);
        var body = JsonSerializer.Serialize(new { worker_id = Worker });
        string Sign(System.Security.Cryptography.ECDsa key, string path, TimeSpan shift, string text) =>
            PollProof.Sign(key, PoolUnderTest.PoolId, path, TimeProvider.System.GetUtcNow() + shift, Encoding.UTF8.GetBytes(text));
        var good = Sign(agent.Key, PollingAgent.Fetch, TimeSpan.FromSeconds(1), body);

        (await agent.Send(PollingAgent.Fetch, body, null)).Status.ShouldBe(HttpStatusCode.Unauthorized, "no signature");
        (await agent.Send(PollingAgent.Fetch, body, Sign(stranger.Key, PollingAgent.Fetch, default, body))).Status.ShouldBe(HttpStatusCode.Unauthorized, "another key");
        (await agent.Send(PollingAgent.Fetch, body, Sign(agent.Key, PollingAgent.Submit, default, body))).Status.ShouldBe(HttpStatusCode.Unauthorized, "another address");
        (await agent.Send(PollingAgent.Fetch, body, Sign(agent.Key, PollingAgent.Fetch, default, body + " "))).Status.ShouldBe(HttpStatusCode.Unauthorized, "another body");
        (await agent.Send(PollingAgent.Fetch, body, Sign(agent.Key, PollingAgent.Fetch, TimeSpan.FromMinutes(-1), body))).Status.ShouldBe(HttpStatusCode.Unauthorized, "too old");
        (await agent.Send(PollingAgent.Fetch, body, good)).Status.ShouldBe(HttpStatusCode.OK);
        (await agent.Send(PollingAgent.Fetch, body, good)).Status.ShouldBe(HttpStatusCode.Unauthorized, "a second time");
        (await agent.Send(PollingAgent.Fetch, body, "0" + good)).Status.ShouldBe(HttpStatusCode.Unauthorized, "a second time, written differently");
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    public async Task MockSignature_IsTakenUnderTheLoadTestProfileAlone(bool profile, HttpStatusCode expected)
    {
        await using var pool = await PoolUnderTest.Start(configure: link => link.AcceptMockSignatures = profile);
        using var agent = new PollingAgent(pool, TimeProvider.System);
        agent.Registered();

        (await agent.Send(PollingAgent.Fetch, JsonSerializer.Serialize(new { worker_id = Worker }), "mock_1")).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Heartbeats_ReachTheGrain_AndAreLimitedForEachWorker()
    {
        await using var pool = await PoolUnderTest.Start();
        using var agent = await Joined(pool);

        for (var i = 1; i <= PoolUnderTest.HeartbeatsPerHour; i++)
        {
            (await Beat(agent)).ShouldBe(HttpStatusCode.OK);
            (await pool.Worker(PollingAgent.Id).Heartbeats.Next()).ShouldSatisfyAllConditions(
                b => b.Sequence.ShouldBe(i),
                b => b.GpuUtilizationPercent.ShouldBe(87));
        }
        (await Beat(agent)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Receipt_IsRecordedUnderItsOwnSignature()
    {
        await using var pool = await PoolUnderTest.Start();
        using var agent = await Joined(pool);
        var canonical = new Receipt(new("poll-6"), PollingAgent.Id, TonAddress.Parse("0:" + new string('a', 64)), "test-model", default, 0, 1, 1, TaskOutcome.Success, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch).CanonicalBytes();
        var signature = ReceiptSeal.Sign(agent.Key, MerkleTree.LeafHash(canonical));

        var (status, body) = await agent.Post(PollingAgent.Record, new { worker_id = Worker, canonical, ticket = "ticket-poll-6", signature });

        status.ShouldBe(HttpStatusCode.Created);
        body.GetProperty("contribution_id").GetString().ShouldBe("poll-6");
        ReceiptSignature.Open(await pool.Worker(PollingAgent.Id).Batches.Next(), agent.Key.ExportSubjectPublicKeyInfo()).ShouldNotBeNull();
    }

    private static async Task<PollingAgent> Joined(PoolUnderTest pool, TimeProvider? time = null)
    {
        var agent = new PollingAgent(pool, time ?? TimeProvider.System);
        var grain = agent.Registered();
        (await agent.Task(waitMs: 0)).ShouldBeNull();
        await grain.Opened.Next();
        return agent;
    }

    private static async Task<HttpStatusCode> Beat(PollingAgent agent) => (await agent.Post(PollingAgent.Heartbeat, new
    {
        worker_id = Worker,
        participant_address = "",
        status = "active",
        metrics = new { current_load = 0.5, queue_length = 0, gpu_utilization = 87.4 },
        timestamp = TimeProvider.System.GetUtcNow(),
    })).Status;
}
