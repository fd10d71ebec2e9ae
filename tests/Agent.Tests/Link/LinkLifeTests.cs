using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Client.Agent;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Agent.Tests.Link;

/// <summary>Streams that open, break, come back and end.</summary>
public sealed class LinkLifeTests
{
    [Fact]
    public async Task Run_WhenTheConnectionBreaks_EndsAsWorkerLostAndTheGrainIsTold()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var owner = new AgentUnderTest();
        var grain = pool.Worker(AgentUnderTest.Id);
        grain.PublicKey = owner.Key.PublicKey;
        var agent = await RawAgent.Join(pool.Url, AgentUnderTest.Id, owner.Key);
        var opened = await grain.Opened.Next();
        await using var answer = pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("lost-1", stream: true)).GetAsyncEnumerator();
        var first = answer.MoveNextAsync();
        (await agent.Read()).ShouldBeOfType<AssignFrame>().Task.ShouldBe("lost-1");

        await agent.DisposeAsync();

        (await first.AsTask().Soon()).ShouldBeTrue();
        answer.Current.End!.ShouldSatisfyAllConditions(
            end => end.Status.ShouldBe(502),
            end => end.Code.ShouldBe("worker_lost"));
        (await grain.Closed.Next()).StreamId.ShouldBe(opened.StreamId);
        pool.Links.IsOpen(AgentUnderTest.Id, opened.StreamId).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_WithoutAStream_EndsAsWorkerLost()
    {
        await using var pool = await PoolUnderTest.Start();

        var items = await TaskLinkTests.Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("none-1", stream: true)));

        items.ShouldHaveSingleItem().End!.Code.ShouldBe("worker_lost");
    }

    [Fact]
    public async Task Agent_WhenThePoolRestarts_ReconnectsAndSendsUnacknowledgedReceiptsAgain()
    {
        var pool = await PoolUnderTest.Start();
        var grains = pool.Grains;
        var port = pool.Url.Port;
        await using var agent = new AgentUnderTest();
        var grain = await agent.Connect(pool);
        // The database is away: nothing is acknowledged.
        grain.ReceiptAnswer = _ => throw new IOException("the database is away");
        await TaskLinkTests.Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("kept-1", stream: true)));
        await grain.Batches.Next();
        await pool.DisposeAsync();
        agent.UnsettledReceipts.ShouldBe(1);
        grain.ReceiptAnswer = FakeWorkerGrain.Acknowledge;
        while (grain.Batches.Reader.TryRead(out _))
        {
            // What the old stream tried again.
        }

        await using var next = await PoolUnderTest.Start(port, grains);

        await grain.Opened.Next();
        var batch = await grain.Batches.Next();
        FakeWorkerGrain.Read(batch.Receipts.ShouldHaveSingleItem()).TaskId.Value.ShouldBe("kept-1");
        (await agent.Leave()).ShouldBe(AgentExit.Left);
        agent.UnsettledReceipts.ShouldBe(0);
    }

    [Fact]
    public async Task Agent_WhenItsServerIsLost_GoesToAnotherOneWithWhatIsUnacknowledged()
    {
        var one = await PoolUnderTest.Start();
        var two = await PoolUnderTest.Start(known: one.Grains);
        await using var agent = new AgentUnderTest();
        var grain = agent.Start(one, [one.Url, new Uri("http://127.0.0.1:1"), two.Url]);
        await grain.Opened.Next();
        // The agent begins at a drawn address.
        var (lost, survivor) = one.Links.Current(AgentUnderTest.Id) is not null ? (one, two) : (two, one);
        await using var left = survivor;
        grain.ReceiptAnswer = _ => throw new IOException("the database is away");
        await TaskLinkTests.Collect(lost.Run(AgentUnderTest.Id, PoolUnderTest.Chat("kept-2", stream: true)));
        await grain.Batches.Next();

        await lost.DisposeAsync();

        await grain.Opened.Next();
        survivor.Links.Current(AgentUnderTest.Id).ShouldNotBeNull();
        grain.ReceiptAnswer = FakeWorkerGrain.Acknowledge;
        await grain.Batches.Next();
        (await agent.Leave()).ShouldBe(AgentExit.Left);
        agent.UnsettledReceipts.ShouldBe(0);
    }

    [Fact]
    public async Task Agent_WhenAskedToLeave_FinishesItsTaskAndTellsTheGrain()
    {
        var release = new TaskCompletionSource();
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest { Backend = new ScriptedBackend((_, _) => Released(release.Task)) };
        var grain = await agent.Connect(pool);
        await using var answer = pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("last-1", stream: true)).GetAsyncEnumerator();
        await answer.MoveNextAsync();

        var leaving = agent.Leave();
        await grain.Drains.Next();
        var refused = await TaskLinkTests.Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("late-1", stream: true)));
        release.SetResult();

        refused.ShouldHaveSingleItem().End!.Code.ShouldBe("worker_draining");
        (await answer.MoveNextAsync()).ShouldBeTrue();
        answer.Current.End!.Status.ShouldBe(200);
        (await leaving).ShouldBe(AgentExit.Left);
        (await grain.Closed.Next()).Cause.ShouldBe("bye");
        agent.UnsettledReceipts.ShouldBe(0);
    }

    [Fact]
    public async Task Link_WhenAnotherStreamOpens_ReplacesTheFirst_AndTheFirstAgentEnds()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var first = new AgentUnderTest();
        var grain = await first.Connect(pool);

        await using var second = await RawAgent.Join(pool.Url, AgentUnderTest.Id, first.Key);

        (await first.Exit.Soon()).ShouldBe(AgentExit.Replaced);
        (await grain.Closed.Next()).Cause.ShouldBe(LinkErrors.Replaced);
        var opened = await grain.Opened.Next();
        pool.Links.IsOpen(AgentUnderTest.Id, opened.StreamId).ShouldBeTrue();
    }

    [Fact]
    public async Task Link_WhenTheGrainIsElsewhere_TriesAgain()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest();
        pool.Worker(AgentUnderTest.Id).OpenAnswers.Enqueue(Outcome<StreamTerms>.Refused("elsewhere", "leaving"));

        await agent.Connect(pool);
    }

    [Fact]
    public async Task Heartbeat_IsHandedToTheGrain_AndARefusedOneMakesTheAgentOpenANewStream()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest();
        var grain = pool.Worker(AgentUnderTest.Id);
        grain.HeartbeatInterval = TimeSpan.FromMilliseconds(50);
        await agent.Connect(pool);
        (await grain.Heartbeats.Next()).Sequence.ShouldBe(1);
        var second = await grain.Heartbeats.Next(beat => beat.Sequence == 2);

        grain.HeartbeatAnswer = beat => string.Equals(beat.StreamId, second.StreamId, StringComparison.Ordinal)
            ? Outcome.Refused("stream_unknown", "not the worker's stream") : Outcome.Done;

        (await grain.Closed.Next()).Cause.ShouldBe("stream_unknown");
        (await grain.Opened.Next()).StreamId.ShouldNotBe(second.StreamId);
    }

    [Fact]
    public async Task Receipts_ThatThePoolRefuses_AreNotSentAgain()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest();
        var grain = await agent.Connect(pool);
        grain.ReceiptAnswer = batch => new ReceiptAnswer([], [new RefusedReceipt(FakeWorkerGrain.Read(batch.Receipts[0]).TaskId.Value, "ticket_invalid", "no")]);
        await TaskLinkTests.Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("refused-1", stream: true)));
        await grain.Batches.Next();

        (await agent.Leave()).ShouldBe(AgentExit.Left);

        agent.UnsettledReceipts.ShouldBe(0);
        grain.Batches.Reader.TryRead(out _).ShouldBeFalse();
    }

    private static async IAsyncEnumerable<Client.Agent.Backends.BackendEvent> Released(Task release)
    {
        yield return ScriptedBackend.Chunk("first");
        await release;
        yield return Client.Agent.Backends.BackendEnd.Success(new TokenCounts(3, 0, 1, 0));
    }
}
