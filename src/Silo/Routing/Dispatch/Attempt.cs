using System.Diagnostics;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Silo.Routing;

/// <summary>
/// One request at one worker, from the taken slot to its release. Tells the worker's standing how it went, whichever way it ends:
/// losses, time-outs and the worker's own errors count against it; the client's mistakes, its leaving and back-pressure do not.
/// </summary>
public sealed class Attempt : IAsyncDisposable
{
    private static readonly InferenceEnd Lost = new(502, "worker_lost", "The server that holds the worker's stream went away.");
    private static readonly InferenceEnd Silent = new(504, "worker_silent", "The worker was silent for too long.");

    private readonly Dispatching _dispatching;
    private readonly ModelQueue _queue;
    private readonly IAsyncEnumerator<InferenceItem> _items;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _client;
    private readonly Activity? _activity;
    private readonly long _start = Stopwatch.GetTimestamp();
    private Task? _moving;
    private bool _judged;
    private bool _released;

    internal Attempt(Dispatching dispatching, ModelQueue queue, RouteOffer offer, InferenceTask task, WorkerCalls workers, CancellationToken client)
    {
        (_dispatching, _queue, Offer, Task, _client) = (dispatching, queue, offer, task.Id, client);
        var outer = Activity.Current;
        _activity = GatewayTracing.Source.StartActivity("inference.attempt")?.SetTag("worker", offer.Route.Worker.Value).SetTag("task", task.Id.Value);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(client);
        _stop.CancelAfter(dispatching.Options.FirstTokenTime);
        if (GatewayTracing.Traceparent is { } trace)
            task = task with { Traceparent = trace };
        _items = workers.Execute(offer.Route.Worker, task, _stop.Token).GetAsyncEnumerator(_stop.Token);
        First = ReadFirst();
        // What follows, another attempt above all, is no part of this one.
        Activity.Current = outer;
    }

    public RouteOffer Offer { get; }

    public TaskId Task { get; }

    /// <summary>Null when the answer has begun, with its first item in <see cref="Current"/>; otherwise how the attempt ended instead.</summary>
    public Task<InferenceItem?> First { get; }

    public InferenceItem Current { get; private set; } = new([], 0, Lost);

    /// <summary>From the assignment to the first token.</summary>
    public TimeSpan UntilFirst { get; private set; }

    /// <summary>The next item into <see cref="Current"/>; false after the last, which has an end. A loss is such an end too, never an exception.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public ValueTask<bool> MoveNext()
    {
        if (Current.End is not null)
            return new(false);
        _stop.CancelAfter(_dispatching.Options.SilentTime);
        var next = _items.MoveNextAsync();
        if (next.IsCompletedSuccessfully)
            return new(Accept(next.Result ? _items.Current : new([], 0, Lost)));
        // Remembered, because an enumeration must not be left while its next item is awaited: a client may go at any moment.
        var moving = Await(next).AsTask();
        _moving = moving;
        return new(moving);
    }

    public async ValueTask DisposeAsync()
    {
        if (_released)
            return;
        _released = true;
        await Finish(First);
        await Finish(_moving);
        if (!_judged)
            Offer.Standing.Release();
        _queue.Leave(Offer);
        try
        {
            await _items.DisposeAsync();
        }
        catch (Exception problem) when (problem is OperationCanceledException || IsLoss(problem))
        {
            // To leave an enumeration is a call too; where nobody is left to be told, nothing is left to be cancelled.
        }
        _stop.Dispose();
        _activity?.Dispose();
    }

    /// <summary>Cancels what is still awaited, and waits until it is over.</summary>
    private async Task Finish(Task? awaited)
    {
        if (awaited is null or { IsCompleted: true })
            return;
        await _stop.CancelAsync();
        try
        {
            await awaited;
        }
        catch (OperationCanceledException)
        {
            // That was the purpose.
        }
    }

    private async Task<InferenceItem?> ReadFirst()
    {
        await Await(_items.MoveNextAsync());
        UntilFirst = Stopwatch.GetElapsedTime(_start);
        if (Current.End is { Status: not 200 })
            return Current;
        Offer.Standing.FirstToken(UntilFirst);
        _queue.FirstToken(UntilFirst);
        _activity?.AddEvent(new ActivityEvent("first_token"));
        return null;
    }

    private async ValueTask<bool> Await(ValueTask<bool> next)
    {
        try
        {
            return Accept(await next ? _items.Current : new([], 0, Lost));
        }
        catch (Exception problem) when (Ending(problem) is { } end)
        {
            return Accept(new([], 0, end));
        }
    }

    private bool Accept(InferenceItem item)
    {
        Current = item;
        if (item.End is { } end)
            Judge(end);
        return true;
    }

    /// <summary>How a broken enumeration ends for the client; null when it is the client who left, or a bug.</summary>
    private InferenceEnd? Ending(Exception problem) => problem switch
    {
        OperationCanceledException => _client.IsCancellationRequested || _released ? null : Silent,
        _ when IsLoss(problem) => Lost,
        _ => null,
    };

    private static bool IsLoss(Exception problem) => problem is OrleansException or EnumerationAbortedException or TimeoutException;

    private void Judge(InferenceEnd end)
    {
        if (_judged)
            return;
        _judged = true;
        _activity?.SetTag("status", end.Status);
        var standing = Offer.Standing;
        switch (ObservedTasks.OutcomeOf(end.Status))
        {
            case TaskOutcome.Success:
                standing.Succeed();
                break;
            case TaskOutcome.BackPressure:
                _queue.BackPressure(standing);
                break;
            case TaskOutcome.WorkerFault:
                _dispatching.Failed(Offer, end, standing.Fail());
                break;
            default:
                standing.Release();
                break;
        }
    }
}
