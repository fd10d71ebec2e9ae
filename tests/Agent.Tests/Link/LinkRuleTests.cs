using System.Text;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers.Link;
using CocoonPool.TestKit;

namespace CocoonPool.Agent.Tests.Link;

/// <summary>What the pool does about agents that break the protocol. One broken rule per test.</summary>
public sealed class LinkRuleTests : IDisposable
{
    private static readonly WorkerId Id = new("rule-breaker");

    private readonly TemporaryDirectory _directory = new();
    private readonly WorkerKey _key;

    public LinkRuleTests() => _key = WorkerKey.LoadOrCreate(_directory.Path);

    public void Dispose()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Hello_SignedForAnotherPool_IsRefused()
    {
        await using var pool = await Pool();
        var (agent, challenge) = await RawAgent.Connect(pool.Url);
        await using var _ = agent;

        await agent.Send(new HelloFrame(1, Id.Value, _key.PublicKey, _key.SignHello("other-pool", challenge.Nonce, Id), "raw/1"));

        await ShouldBeRefused(agent, LinkErrors.BadSignature);
    }

    [Fact]
    public async Task Hello_WithAKeyThatIsNotTheRegisteredOne_IsRefused()
    {
        await using var pool = await Pool();
        using var directory = new TemporaryDirectory();
        using var stranger = WorkerKey.LoadOrCreate(directory.Path);
        var (agent, challenge) = await RawAgent.Connect(pool.Url);
        await using var _ = agent;

        await agent.Send(new HelloFrame(1, Id.Value, stranger.PublicKey, stranger.SignHello(challenge.Pool, challenge.Nonce, Id), "raw/1"));

        await ShouldBeRefused(agent, LinkErrors.BadSignature);
    }

    [Fact]
    public async Task Hello_OfAnUnregisteredWorker_IsRefused()
    {
        await using var pool = await Pool();
        var nobody = new WorkerId("nobody");
        var (agent, challenge) = await RawAgent.Connect(pool.Url);
        await using var _ = agent;

        await agent.Send(new HelloFrame(1, nobody.Value, _key.PublicKey, _key.SignHello(challenge.Pool, challenge.Nonce, nobody), "raw/1"));

        await ShouldBeRefused(agent, LinkErrors.UnknownWorker);
    }

    [Fact]
    public async Task Hello_OfAnotherProtocol_IsRefused()
    {
        await using var pool = await Pool();
        var (agent, challenge) = await RawAgent.Connect(pool.Url);
        await using var _ = agent;

        await agent.Send(new HelloFrame(2, Id.Value, _key.PublicKey, _key.SignHello(challenge.Pool, challenge.Nonce, Id), "raw/1"));

        await ShouldBeRefused(agent, LinkErrors.UnsupportedProtocol);
    }

    [Fact]
    public async Task FirstFrame_ThatIsNoHello_IsRefused()
    {
        await using var pool = await Pool();
        var (agent, _) = await RawAgent.Connect(pool.Url);
        await using var __ = agent;

        await agent.Send(new ByeFrame());

        await ShouldBeRefused(agent, LinkErrors.HelloExpected);
    }

    [Fact]
    public async Task Hello_ThatDoesNotComeInTime_IsRefused()
    {
        var clock = new ManualTimeProvider();
        await using var pool = await PoolUnderTest.Start(time: clock);
        var (agent, _) = await RawAgent.Connect(pool.Url);
        await using var __ = agent;
        var answer = agent.Read();
        while (!answer.IsCompleted)
        {
            // The timer is set shortly after the challenge was sent.
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(answer, Task.Delay(10));
        }

        (await answer).ShouldBeOfType<ErrorFrame>().Code.ShouldBe(LinkErrors.HelloTimeout);
    }

    [Fact]
    public async Task Frame_OverTheLimit_ClosesTheStreamWithTheReason()
    {
        await using var pool = await Pool();
        await using var agent = await RawAgent.Join(pool.Url, Id, _key);

        await agent.SendText(new byte[LinkLimits.MaxAgentFrameBytes + 1]);

        await ShouldBeRefused(agent, LinkErrors.FrameTooLarge);
        (await pool.Worker(Id).Closed.Next()).Cause.ShouldBe(LinkErrors.FrameTooLarge);
    }

    [Theory]
    [InlineData("""{"type":"poetry","line":"roses"}""", LinkErrors.UnknownType)]
    [InlineData("""{"no":"type"}""", LinkErrors.UnknownType)]
    [InlineData("""{"type":"done","task":"nobody-asked","status":200}""", LinkErrors.UnknownTask)]
    [InlineData("""{"task":"nobody-asked","chunks":[],"type":"tokens"}""", LinkErrors.UnknownTask)]
    [InlineData("""{"type":"tokens"}""", LinkErrors.MalformedFrame)]
    [InlineData("""{"type":"receipts","root":"","signature":"","receipts":[]}""", LinkErrors.MalformedFrame)]
    [InlineData("not json", LinkErrors.MalformedFrame)]
    public async Task Mistake_IsAnsweredWithAnErrorAndTheStreamStays(string frame, string code)
    {
        await using var pool = await Pool();
        await using var agent = await RawAgent.Join(pool.Url, Id, _key);

        await agent.SendText(Encoding.UTF8.GetBytes(frame));

        (await agent.Read()).ShouldBeOfType<ErrorFrame>().ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe(code),
            error => error.Fatal.ShouldBeFalse());
        await agent.Send(new HeartbeatFrame(1, 0, 0, DateTimeOffset.UnixEpoch));
        (await agent.Read()).ShouldBeOfType<HeartbeatAckFrame>();
    }

    [Fact]
    public async Task Mistakes_InAFlood_CloseTheStream()
    {
        await using var pool = await Pool();
        await using var agent = await RawAgent.Join(pool.Url, Id, _key);

        for (var mistake = 0; mistake <= 100; mistake++)
            await agent.SendText(Encoding.UTF8.GetBytes("{}"));

        ErrorFrame error;
        do
            error = (await agent.Read()).ShouldBeOfType<ErrorFrame>();
        while (!error.Fatal);
        error.Code.ShouldBe(LinkErrors.TooManyMistakes);
    }

    [Fact]
    public async Task Tokens_WithoutCredit_EndTheTaskForTheClientAndCancelItAtTheWorker()
    {
        await using var pool = await PoolUnderTest.Start(configure: options => options.CreditWindow = 4);
        pool.Worker(Id).PublicKey = _key.PublicKey;
        await using var agent = await RawAgent.Join(pool.Url, Id, _key);
        await using var answer = pool.Run(Id, PoolUnderTest.Chat("greedy-1", stream: true)).GetAsyncEnumerator();
        var first = answer.MoveNextAsync();
        (await agent.Read()).ShouldBeOfType<AssignFrame>().Credits.ShouldBe(4);
        var chunk = new TokenChunk(new Utf8Text("{}"u8.ToArray()), 1);

        await agent.Send(new TokensFrame("greedy-1", [chunk, chunk, chunk, chunk, chunk]));

        (await first.AsTask().Soon()).ShouldBeTrue();
        answer.Current.End!.Code.ShouldBe(LinkErrors.NoCredit);
        (await agent.Read()).ShouldBeOfType<CancelFrame>().Reason.ShouldBe(LinkErrors.NoCredit);
        (await agent.Read()).ShouldBeOfType<ErrorFrame>().Task.ShouldBe("greedy-1");
    }

    private async Task<PoolUnderTest> Pool()
    {
        var pool = await PoolUnderTest.Start();
        pool.Worker(Id).PublicKey = _key.PublicKey;
        return pool;
    }

    private static async Task ShouldBeRefused(RawAgent agent, string code)
    {
        (await agent.Read()).ShouldBeOfType<ErrorFrame>().ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe(code),
            error => error.Fatal.ShouldBeTrue());
        (await agent.ReadEnd()).Kind.ShouldBe(FrameReadKind.Closed);
    }
}
