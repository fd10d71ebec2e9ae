using System.Runtime.CompilerServices;

namespace CocoonPool.Engine.Contract;

public interface IStreamGrain : IGrainWithStringKey
{
    IAsyncEnumerable<int> Count(int to, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> FailAfter(int elements);

    IAsyncEnumerable<string> Live(string name, CancellationToken cancellationToken = default);

    Task Publish(string text);

    Task End();
}

public sealed class StreamGrain(Probe probe) : Grain, IStreamGrain
{
    // No channel, and a source that continues in place: the alternatives pass through the threads of the process, which a seeded run does not have.
    private readonly Queue<string> _texts = new();
    private TaskCompletionSource _more = new();

    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < to; i++)
        {
            if (i % 10 == 9) await Task.Yield();
            yield return i;
        }
    }

    public async IAsyncEnumerable<int> FailAfter(int elements)
    {
        for (var i = 0; i < elements; i++) yield return i;
        await Task.Yield();
        throw new UnusualException("broken stream");
    }

    public async IAsyncEnumerable<string> Live(string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            probe.Tell($"live {name}");
            while (true)
            {
                while (_texts.TryDequeue(out var text)) yield return text;
                await _more.Task.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            probe.Tell($"ended {name}");
        }
    }

    public Task Publish(string text)
    {
        _texts.Enqueue(text);
        var waiting = _more;
        _more = new TaskCompletionSource();
        waiting.SetResult();
        return Task.CompletedTask;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public sealed class StreamTests(EngineFixture engine)
{
    private readonly string _key = $"stream-{Guid.NewGuid()}";

    private IStreamGrain Grain => engine.Grains.GetGrain<IStreamGrain>(_key);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Stream_BringsEveryElementInOrder(int to)
    {
        var seen = new List<int>();

        await foreach (var number in Grain.Count(to).WithBatchSize(7)) seen.Add(number);

        seen.ShouldBe(Enumerable.Range(0, to));
    }

    [Fact]
    public async Task Stream_LetsOtherRequestsInWhileItWaits()
    {
        await using var live = Grain.Live(_key).GetAsyncEnumerator();
        var next = live.MoveNextAsync();
        await engine.Probe.Next($"live {_key}");

        await Grain.Publish("hello");

        (await next).ShouldBeTrue();
        live.Current.ShouldBe("hello");
    }

    [Fact]
    public async Task Stream_ThatFails_BringsItsElementsFirst()
    {
        var seen = new List<int>();

        var failure = await Should.ThrowAsync<UnusualException>(async () =>
        {
            await foreach (var number in Grain.FailAfter(3)) seen.Add(number);
        });

        failure.Message.ShouldBe("broken stream");
        seen.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Stream_LeftEarly_EndsInTheGrain()
    {
        await Grain.Publish("one");
        await foreach (var text in Grain.Live(_key))
        {
            text.ShouldBe("one");
            break;
        }

        await engine.Probe.Next($"ended {_key}");
    }

    [Fact]
    public async Task Stream_Cancelled_EndsInTheGrain()
    {
        using var cancellation = new CancellationTokenSource();
        await using var live = Grain.Live(_key, cancellation.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = live.MoveNextAsync();
        await engine.Probe.Next($"live {_key}");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(next.AsTask());
        await engine.Probe.Next($"ended {_key}");
    }

    [Fact]
    public async Task Stream_OfAGrainThatEnded_IsAborted()
    {
        await Grain.Publish("one");
        await using var live = Grain.Live(_key).GetAsyncEnumerator();
        (await live.MoveNextAsync()).ShouldBeTrue();
        await Grain.End();
        await engine.Probe.Next($"ended {_key}");

        await Should.ThrowAsync<EnumerationAbortedException>(live.MoveNextAsync().AsTask());
    }
}
