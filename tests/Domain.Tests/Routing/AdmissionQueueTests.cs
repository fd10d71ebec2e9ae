using CocoonPool.Domain.Routing;

namespace CocoonPool.Domain.Tests.Routing;

public class AdmissionQueueTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private static readonly DateTimeOffset Now = Samples.Monday;

    [Fact]
    public void Order_IsByPriority_AndWithinOneByArrival()
    {
        var queue = Queue();
        Enter(queue, "low", RequestPriority.Low, 0);
        Enter(queue, "normal", RequestPriority.Normal, 1);
        Enter(queue, "high", RequestPriority.High, 1);
        Enter(queue, "high again", RequestPriority.High, 2);

        queue.Order().ShouldBe(["high", "high again", "normal", "low"]);
    }

    /// <summary>The law against starvation: whatever comes, nothing that arrives more than two steps later is served before.</summary>
    [Fact]
    public void LowPriority_UnderAFloodOfHigh_IsServedWithinTwoSteps()
    {
        var random = new Random(6);
        var queue = Queue(capacity: 1_000);
        var arrived = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < 5_000; i++)
        {
            var at = i * 0.01;
            var item = $"{i}";
            if (Enter(queue, item, random.Next(10) == 0 ? RequestPriority.Low : RequestPriority.High, at))
                arrived[item] = at;
            if (i % 2 == 0 && queue.Order().FirstOrDefault() is { } next)
            {
                queue.Remove(next);
                var overtaken = queue.Order().Select(o => arrived[o]).DefaultIfEmpty(arrived[next]).Min();
                arrived[next].ShouldBeLessThanOrEqualTo(overtaken + 2 * Step.TotalSeconds + 1e-6);
            }
        }
    }

    [Fact]
    public void Enter_WhenFull_DisplacesTheLastInTheOrder_OrRefusesWhatWouldBeLastItself()
    {
        var queue = Queue(capacity: 2);
        Enter(queue, "low", RequestPriority.Low, 0);
        Enter(queue, "normal", RequestPriority.Normal, 0);

        queue.TryEnter("another low", RequestPriority.Low, 1, Now.AddSeconds(1), out var none).ShouldBeFalse();
        none.ShouldBeEmpty();
        queue.TryEnter("high", RequestPriority.High, 1, Now.AddSeconds(1), out var displaced).ShouldBeTrue();

        displaced.ShouldBe(["low"]);
        queue.Order().ShouldBe(["high", "normal"]);
    }

    [Fact]
    public void Enter_WhenFull_DoesNotDisplaceWhatHasWaitedLong()
    {
        var queue = Queue(capacity: 1);
        Enter(queue, "low", RequestPriority.Low, 0);

        queue.TryEnter("high", RequestPriority.High, 1, Now + 3 * Step, out _).ShouldBeFalse();
    }

    [Fact]
    public void Memory_StaysWithinItsBounds_WhateverComes()
    {
        var random = new Random(7);
        var queue = new AdmissionQueue<string>(new(20, 1_000, Step));
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 20_000; i++)
        {
            var item = $"{i}";
            if (queue.TryEnter(item, (RequestPriority)random.Next(3), random.Next(1, 400), Now.AddMilliseconds(i), out var displaced))
                waiting.Add(item);
            displaced.ShouldAllBe(d => waiting.Remove(d));
            if (random.Next(3) == 0 && queue.Order().FirstOrDefault() is { } next)
            {
                queue.Remove(next).ShouldBeTrue();
                waiting.Remove(next).ShouldBeTrue();
            }
            queue.Count.ShouldBeLessThanOrEqualTo(20);
            queue.Bytes.ShouldBeInRange(0, 1_000);
            queue.Count.ShouldBe(waiting.Count);
        }
        foreach (var item in queue.Order().ToList())
            queue.Remove(item);
        queue.Bytes.ShouldBe(0);
    }

    private static AdmissionQueue<string> Queue(int capacity = 10) => new(new(capacity, 1_000_000, Step));

    private static bool Enter(AdmissionQueue<string> queue, string item, RequestPriority priority, double seconds) =>
        queue.TryEnter(item, priority, 1, Now.AddSeconds(seconds), out _);
}
