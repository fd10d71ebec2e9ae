using System.Net;
using System.Text;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Agent.Tests.Link;

namespace CocoonPool.Agent.Tests.Polling;

/// <summary>Two silos with the grains of one pool: the polling worker's is on the first, and requests arrive at either.</summary>
public sealed class SeveralSilosTests
{
    private static readonly string Worker = PollingAgent.Id.Value;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Task_FetchedAtOneSilo_IsHandedInAtTheOther(bool fetchedAtTheFirst)
    {
        await using var first = await PoolUnderTest.Start();
        await using var second = await PoolUnderTest.Start(known: first.Grains);
        using var agent = new PollingAgent(first, TimeProvider.System);
        var grain = agent.Registered();
        (await agent.Task(waitMs: 0, at: second)).ShouldBeNull();
        await grain.Opened.Next();
        var answer = TaskLinkTests.Collect(first.Run(PollingAgent.Id, PoolUnderTest.Chat("poll-1", stream: false)));

        (await agent.Task(at: fetchedAtTheFirst ? first : second))!.Value.GetProperty("task_id").GetString().ShouldBe("poll-1");
        (await agent.Task(waitMs: 0, at: fetchedAtTheFirst ? second : first)).ShouldBeNull("a poll elsewhere is a poll like any other");
        var result = new { worker_id = Worker, task_id = "poll-1", result = new { status = 200, body = new { ok = true } } };
        var (status, body) = await agent.Post(PollingAgent.Submit, result, fetchedAtTheFirst ? second : first);
        var (again, _) = await agent.Post(PollingAgent.Submit, result, fetchedAtTheFirst ? first : second);

        (status, again).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Conflict), body.ToString());
        Encoding.UTF8.GetString((await answer.Soon()).ShouldHaveSingleItem().Data).ShouldBe("""{"ok":true}""");
        second.Links.Current(PollingAgent.Id).ShouldBeNull("no session was opened there");
        grain.Opened.Reader.TryRead(out _).ShouldBeFalse("one session served all requests");
    }

    [Theory]
    [InlineData(PollingAgent.Fetch, """{"worker_id":"polling-worker"}""")]
    [InlineData(PollingAgent.Submit, """{"worker_id":"polling-worker","task_id":"nobodys","result":{"status":200}}""")]
    [InlineData(PollingAgent.Heartbeat, """{"worker_id":"polling-worker","participant_address":"","status":"active","timestamp":"2026-11-21T00:00:00Z"}""")]
    [InlineData(PollingAgent.Record, """{"worker_id":"polling-worker","canonical":"AAAA","ticket":"","signature":"AAAA"}""")]
    public async Task Request_TakenAtOneSilo_IsRefusedAtEveryOther(string path, string body)
    {
        await using var first = await PoolUnderTest.Start();
        await using var second = await PoolUnderTest.Start(known: first.Grains);
        using var agent = new PollingAgent(first, TimeProvider.System);
        var grain = agent.Registered();
        grain.ReceiptAnswer = _ => new(["recorded"], []);
        var signature = agent.Sign(path, body);

        (await agent.Send(path, body, signature, second)).Status.ShouldBe(path switch
        {
            PollingAgent.Submit => HttpStatusCode.Conflict,
            PollingAgent.Record => HttpStatusCode.Created,
            _ => HttpStatusCode.OK,
        });
        foreach (var silo in (PoolUnderTest[])[first, second])
            (await agent.Send(path, body, signature, silo)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
