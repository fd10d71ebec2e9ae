using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Agent.Tests.Link;

public sealed class FrameOutboxTests
{
    private readonly List<int> _sent = [];
    private TaskCompletionSource? _wait;

    [Fact]
    public void Post_WhenNobodySends_HasSentWhenItReturns()
    {
        var outbox = Open();

        outbox.TryPost(1).ShouldBeTrue();

        _sent.ShouldBe([1]);
    }

    [Fact]
    public void Post_BeforeOpen_WaitsForIt()
    {
        var outbox = new FrameOutbox<int>(Send, 4);
        outbox.TryPost(1);
        _sent.ShouldBeEmpty();

        outbox.Open();

        _sent.ShouldBe([1]);
    }

    [Fact]
    public async Task Post_WhileTheSocketMakesASenderWait_QueuesUpToTheCapacity_AndKeepsTheOrder()
    {
        var outbox = Open();
        var slow = _wait = new();
        outbox.TryPost(1);
        outbox.TryPost(2).ShouldBeTrue();
        outbox.TryPost(3).ShouldBeTrue();
        outbox.TryPost(4).ShouldBeFalse("there is room for two");
        var waiting = outbox.Post(4).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        _wait = null;
        slow.SetResult();

        (await waiting).ShouldBeTrue();
        outbox.Close();
        await outbox.Ended;
        _sent.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Close_SendsWhatIsQueued_AndTakesNothingMore()
    {
        var outbox = Open();
        var slow = _wait = new();
        outbox.TryPost(1);
        outbox.TryPost(2);
        outbox.Close();
        outbox.TryPost(3).ShouldBeFalse();
        (await outbox.Post(3)).ShouldBeFalse();

        _wait = null;
        slow.SetResult();
        await outbox.Ended;

        _sent.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Break_DropsWhatIsQueued_AndTellsWhoWaits()
    {
        var outbox = Open();
        var slow = _wait = new();
        outbox.TryPost(1);
        outbox.TryPost(2);
        outbox.TryPost(3);
        var waiting = outbox.Post(4).AsTask();

        outbox.Break();
        (await waiting).ShouldBeFalse();
        slow.SetResult();
        await outbox.Ended;

        _sent.ShouldBe([1]);
    }

    [Fact]
    public async Task AFailedSend_EndsTheOutboxWithIt()
    {
        var outbox = Open();
        var slow = _wait = new();
        outbox.TryPost(1);
        outbox.TryPost(2);

        slow.SetException(new IOException("broken"));

        await Should.ThrowAsync<IOException>(() => outbox.Ended);
        outbox.TryPost(3).ShouldBeFalse();
        _sent.ShouldBe([1]);
    }

    [Fact]
    public async Task Post_OfManyAtOnce_SendsEachOnce_AndOneAtATime()
    {
        var (inside, most, sum) = (0, 0, 0L);
        var outbox = new FrameOutbox<int>(
            async frame =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                if (frame % 7 == 0)
                    await Task.Yield();
                sum += frame;
                Interlocked.Decrement(ref inside);
            },
            capacity: 8);
        outbox.Open();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 1; i <= 1_000; i++)
                (await outbox.Post(i)).ShouldBeTrue();
        })));
        outbox.Close();
        await outbox.Ended;

        (most, sum).ShouldBe((1, 8 * 500_500L));
    }

    private FrameOutbox<int> Open()
    {
        var outbox = new FrameOutbox<int>(Send, 2);
        outbox.Open();
        return outbox;
    }

    private async ValueTask Send(int frame)
    {
        _sent.Add(frame);
        if (_wait is { } wait)
            await wait.Task;
    }
}
