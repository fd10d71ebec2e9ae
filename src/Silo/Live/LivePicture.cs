namespace CocoonPool.Silo.Live;

/// <summary>
/// What is made once a second for all who listen, and not at all while nobody does. Everybody is handed the newest one when they are ready
/// for it: a slow listener misses pictures, and keeps none of them in memory.
/// </summary>
public abstract partial class LivePicture<T>(Audience audience, TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TaskCompletionSource<T> _next = New();
    private int _listeners;

    protected TimeProvider Time => time;

    protected abstract Task<T> Make(CancellationToken cancellationToken);

    /// <summary>The next picture that is made.</summary>
    protected Task<T> Next(CancellationToken cancellationToken) => Volatile.Read(ref _next).Task.WaitAsync(cancellationToken);

    /// <summary>Serves one listener; see <see cref="Audience.Seat"/>.</summary>
    protected Task Serve(HttpContext context, Func<Listener, CancellationToken, Task> feed, Func<Listener, ReadOnlyMemory<byte>, CancellationToken, Task>? said = null) =>
        audience.Seat(
            context,
            async (listener, gone) =>
            {
                Interlocked.Increment(ref _listeners);
                try
                {
                    await feed(listener, gone);
                }
                finally
                {
                    Interlocked.Decrement(ref _listeners);
                }
            },
            said);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Volatile.Read(ref _listeners) == 0)
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
