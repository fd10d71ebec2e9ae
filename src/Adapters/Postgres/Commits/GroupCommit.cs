using System.Threading.Channels;

namespace CocoonPool.Adapters.Postgres.Commits;

/// <summary>Bounds of a <see cref="GroupCommit{TRequest,TResult}"/>.</summary>
/// <param name="MaxWaiting">The weight of all requests that may wait or be written; more are refused, so that memory is bounded when the database is slow or away.</param>
/// <param name="MaxGroup">The weight that one transaction takes at most; a single request may exceed it.</param>
internal sealed record GroupCommitOptions(int MaxWaiting, int MaxGroup)
{
    /// <summary>The pauses between attempts while the database is away, from the first to the longest.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// One writer for many callers. What arrives while a transaction commits goes into the next one together, so that the price of a
/// commit is shared by as many as are waiting. While the database is away the same group is tried again until it is back: what is
/// written must be idempotent, because the commit whose answer was lost may have happened.
/// </summary>
/// <param name="weigh">How much of the bounds a request takes, at least 1.</param>
/// <param name="commit">Writes a group in one transaction and answers one result per request, in order.</param>
internal sealed class GroupCommit<TRequest, TResult>(
    GroupCommitOptions options, Func<TRequest, int> weigh,
    Func<IReadOnlyList<TRequest>, CancellationToken, Task<IReadOnlyList<TResult>>> commit, TimeProvider time) : IAsyncDisposable
{
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private Task? _writer;
    private int _weight;

    private sealed record Waiting(TRequest Request, int Weight, TaskCompletionSource<TResult> Answer);

    /// <summary>The weight of what waits or is being written.</summary>
    public int Weight => Volatile.Read(ref _weight);

    /// <summary>Queues the request; false when there is no room, and the caller must wait and come again.</summary>
    /// <param name="committed">Completes after the commit, or fails with what the database found wrong with this request.</param>
    public bool TrySubmit(TRequest request, out Task<TResult> committed)
    {
        var waiting = new Waiting(request, weigh(request), new(TaskCreationOptions.RunContinuationsAsynchronously));
        committed = waiting.Answer.Task;
        var weight = Interlocked.Add(ref _weight, waiting.Weight);
        if ((weight > options.MaxWaiting && weight > waiting.Weight) || !_waiting.Writer.TryWrite(waiting))
        {
            Interlocked.Add(ref _weight, -waiting.Weight);
            return false;
        }

        lock (_starting)
            _writer ??= Task.Run(Write);
        return true;
    }

    /// <summary>Ends when all that waits is written, or after five seconds: what is not committed then fails, and its senders still have it.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _stopping.CancelAfter(TimeSpan.FromSeconds(5));
        if (_writer is not null)
            await _writer;
        _stopping.Dispose();
    }

    private async Task Write()
    {
        var group = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            Gather(group);
            await Answer(group);
            Interlocked.Add(ref _weight, -group.Sum(waiting => waiting.Weight));
            group.Clear();
        }
    }

    private void Gather(List<Waiting> group)
    {
        var weight = 0;
        while (_waiting.Reader.TryPeek(out var next) && (group.Count == 0 || weight + next.Weight <= options.MaxGroup))
        {
            _waiting.Reader.TryRead(out _);
            group.Add(next);
            weight += next.Weight;
        }
    }

    private async Task Answer(IReadOnlyList<Waiting> group)
    {
        try
        {
            var results = await CommitPatiently([.. group.Select(waiting => waiting.Request)]);
            for (var i = 0; i < group.Count; i++)
                group[i].Answer.TrySetResult(results[i]);
        }
        catch when (group.Count > 1 && !_stopping.IsCancellationRequested)
        {
            // One request that the database refuses must not take the others with it: each is tried alone and keeps its own fault.
            foreach (var waiting in group)
                await Answer([waiting]);
        }
        catch (Exception problem)
        {
            foreach (var waiting in group)
                waiting.Answer.TrySetException(problem);
        }
    }

    private async Task<IReadOnlyList<TResult>> CommitPatiently(IReadOnlyList<TRequest> requests)
    {
        for (var pause = options.FirstPause; ; pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause)
        {
            try
            {
                return await commit(requests, _stopping.Token);
            }
            catch (Exception problem) when (DatabaseAway.Is(problem) && !_stopping.IsCancellationRequested)
            {
                await Task.Delay(pause, time, _stopping.Token);
            }
        }
    }
}
