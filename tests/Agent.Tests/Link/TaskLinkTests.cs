using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Agent.Tests.Link;

/// <summary>Tasks through the whole link: real agent, real WebSocket, real server end.</summary>
public sealed class TaskLinkTests
{
    [Fact]
    public async Task Run_Streaming_DeliversEveryTokenThenTheEnd_AndAVerifiableReceipt()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest();
        var grain = await agent.Connect(pool);

        var items = await Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("stream-1", stream: true)));

        items[^1].End.ShouldBe(new InferenceEnd(200, null, "", new TokenUsage(12, 0, 20, 0)));
        items.Sum(item => item.Tokens).ShouldBe(20);
        items[..^1].ShouldAllBe(item => JsonDocument.Parse(item.Data, default).RootElement.GetProperty("system_fingerprint").GetString() == "demo-ngram");
        var batch = await grain.Batches.Next();
        var receipt = FakeWorkerGrain.Read(batch.Receipts.ShouldHaveSingleItem());
        receipt.TaskId.Value.ShouldBe("stream-1");
        receipt.Outcome.ShouldBe(TaskOutcome.Success);
        receipt.Tokens.Completion.ShouldBe(20);
        receipt.Refusal().ShouldBeNull();
        batch.Receipts[0].Ticket.ShouldBe("ticket-stream-1");
        batch.Root.ShouldBe(MerkleTree.Root([MerkleTree.LeafHash(batch.Receipts[0].Canonical)]));
        using var key = WorkerPublicKey.TryImport(agent.Key.PublicKey);
        ReceiptSeal.Verify(key!, batch.Root, batch.Signature).ShouldBeTrue();
    }

    [Fact]
    public async Task Run_NotStreaming_DeliversOneDocumentWithItsEnd()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest();
        await agent.Connect(pool);

        var items = await Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("whole-1", stream: false)));

        var item = items.ShouldHaveSingleItem();
        item.End!.Status.ShouldBe(200);
        item.Tokens.ShouldBe(20);
        using var answer = JsonDocument.Parse(item.Data);
        answer.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(20);
        answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Run_WhenTheReaderLeaves_CancelsTheBackEndAndTheReceiptSaysAborted()
    {
        var stopped = new TaskCompletionSource();
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest { Backend = new ScriptedBackend((_, stop) => Endless(stopped, stop)) };
        var grain = await agent.Connect(pool);

        await foreach (var item in pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("left-1", stream: true)))
        {
            item.Tokens.ShouldBe(1);
            break;
        }

        await stopped.Task.Soon();
        FakeWorkerGrain.Read((await grain.Batches.Next()).Receipts[0]).Outcome.ShouldBe(TaskOutcome.ClientAborted);
    }

    [Fact]
    public async Task Run_WhenItsTokenIsCancelled_CancelsTheBackEnd()
    {
        var stopped = new TaskCompletionSource();
        using var client = new CancellationTokenSource();
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest { Backend = new ScriptedBackend((_, stop) => Endless(stopped, stop)) };
        await agent.Connect(pool);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("left-2", stream: true), client.Token))
                await client.CancelAsync();
        });

        await stopped.Task.Soon();
    }

    [Fact]
    public async Task Run_WhenNobodyReads_StopsAFastBackEndAtTheCreditWindow()
    {
        const int window = 8;
        var read = Channel.CreateUnbounded<int>();
        await using var pool = await PoolUnderTest.Start(configure: options => options.CreditWindow = window);
        await using var agent = new AgentUnderTest { Backend = new ScriptedBackend((_, _) => Counted(100, read)) };
        await agent.Connect(pool);
        await using var answer = pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("slow-1", stream: true)).GetAsyncEnumerator();

        (await answer.MoveNextAsync()).ShouldBeTrue();
        for (var piece = 0; piece < window; piece++)
            await read.Next();
        // The reader holds one piece and has given nothing back: the back end must not be asked for another one. A second
        // task that runs from start to end on the same stream proves that time has passed for the first one as well.
        await Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("slow-2", stream: true))).Soon();
        var beyond = 0;
        while (read.Reader.TryRead(out var piece))
            beyond += piece < 0 ? 0 : 1;
        // All of these belong to the second task.
        beyond.ShouldBe(100);

        var rest = 1;
        while (await answer.MoveNextAsync() && answer.Current.End is null)
            rest++;
        rest.ShouldBe(100);
        answer.Current.End!.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Run_WhenTheBackEndRefuses_PassesStatusAndBodyOn()
    {
        var body = Encoding.UTF8.GetBytes("""{"error":{"message":"no"}}""");
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest { Backend = new ScriptedBackend((_, _) => Single(new BackendEnd(422, "backend_refused", "no", Body: body))) };
        var grain = await agent.Connect(pool);

        var items = await Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("bad-1", stream: true)));

        items.ShouldHaveSingleItem().End.ShouldBe(new InferenceEnd(422, "backend_refused", "no"));
        items[0].Data.ShouldBe(body);
        FakeWorkerGrain.Read((await grain.Batches.Next()).Receipts[0]).Outcome.ShouldBe(TaskOutcome.ClientError);
    }

    [Fact]
    public async Task Run_BeyondTheWorkersConcurrency_IsBackPressure()
    {
        var stopped = new TaskCompletionSource();
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest { Backend = new ScriptedBackend((_, stop) => Endless(stopped, stop)), MaxConcurrency = 1 };
        await agent.Connect(pool);
        await using var first = pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("busy-1", stream: true)).GetAsyncEnumerator();
        await first.MoveNextAsync();

        var items = await Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("busy-2", stream: true)));

        items.ShouldHaveSingleItem().End!.Status.ShouldBe(429);
    }

    [Fact]
    public async Task Run_WithABodyThatIsNotJson_EndsWith400AndTheStreamStays()
    {
        await using var pool = await PoolUnderTest.Start();
        await using var agent = new AgentUnderTest();
        await agent.Connect(pool);
        var broken = PoolUnderTest.Chat("broken-1", stream: true) with { Body = Encoding.UTF8.GetBytes("""{} , "type":"drain" """) };

        (await Collect(pool.Run(AgentUnderTest.Id, broken))).ShouldHaveSingleItem().End!.Status.ShouldBe(400);

        (await Collect(pool.Run(AgentUnderTest.Id, PoolUnderTest.Chat("fine-1", stream: true))))[^1].End!.Status.ShouldBe(200);
    }

    internal static async Task<List<InferenceItem>> Collect(IAsyncEnumerable<InferenceItem> items)
    {
        var collected = new List<InferenceItem>();
        await foreach (var item in items)
            collected.Add(item);
        return collected;
    }

    private static async IAsyncEnumerable<BackendEvent> Single(BackendEvent only)
    {
        await Task.CompletedTask;
        yield return only;
    }

    private static async IAsyncEnumerable<BackendEvent> Counted(int count, Channel<int> read)
    {
        for (var piece = 0; piece < count; piece++)
        {
            await Task.Yield();
            read.Writer.TryWrite(piece);
            yield return ScriptedBackend.Chunk($"{piece} ");
        }
        yield return BackendEnd.Success(null);
    }

    /// <summary>One piece, then nothing until somebody stops it.</summary>
    internal static async IAsyncEnumerable<BackendEvent> Endless(
        TaskCompletionSource stopped, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        yield return ScriptedBackend.Chunk("once");
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }
        finally
        {
            stopped.TrySetResult();
        }
    }
}
