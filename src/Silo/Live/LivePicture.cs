namespace CocoonPool.Silo.Live;

/// <summary>
/// What is made once a second for all who wait for it, and not at all while nobody does. Everybody is handed the newest one when they are
/// ready for it: a slow listener misses pictures, and keeps none of them in memory.
/// </summary>
public abstract partial class LivePicture<T>(TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TaskCompletionSource<T> _next = New();
    private int _waiting;

    protected TimeProvider Time => time;

    protected abstract Task<T> Make(CancellationToken cancellationToken);

    /// <summary>The next picture that is made.</summary>
    public async Task<T> Next(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await Volatile.Read(ref _next).Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Volatile.Read(ref _waiting) == 0)
                continue;
            try
            {
                var picture = await Make(stoppingToken);
                Interlocked.Exchange(ref _next, New()).SetResult(picture);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogNoPicture(log, GetType().Name, problem);
            }
        }
    }

    private static TaskCompletionSource<T> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(1801, LogLevel.Warning, "{Feed} cannot make its picture now")]
    private static partial void LogNoPicture(ILogger log, string feed, Exception problem);
}
