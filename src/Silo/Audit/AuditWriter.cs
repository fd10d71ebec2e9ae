using System.Threading.Channels;
using CocoonPool.Adapters.Postgres.Audit;
using CocoonPool.Domain.Audit;
using CocoonPool.Grains;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Audit;

/// <summary>The audit log. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>How long lines are kept; at least a year.</summary>
    [System.ComponentModel.DataAnnotations.Range(typeof(TimeSpan), "366.00:00:00", "3660.00:00:00", ErrorMessage = "Audit:Retention is 366 to 3660 days.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);
}

/// <summary>
/// Writes audit lines. Whoever asks waits until the line is committed; lines of requests that are under way at once share a
/// transaction, so that the chain's lock is taken once for all of them.
/// </summary>
public sealed partial class AuditWriter(AuditLog log, PoolSettings settings, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditWriter> logger) : BackgroundService
{
    private const int MostAtOnce = 256;
    private const int MostWaiting = 4_096;
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(6);

    private readonly Channel<(AuditEntry Entry, TaskCompletionSource Done)> _waiting =
        Channel.CreateBounded<(AuditEntry, TaskCompletionSource)>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <exception cref="Npgsql.NpgsqlException">The line could not be written; what it tells must not be answered as done.</exception>
    public async Task Write(AuditEntry entry, CancellationToken cancellationToken = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((entry, done), cancellationToken);
        await done.Task;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var keeping = KeepHouse(stoppingToken);
        var batch = new List<(AuditEntry Entry, TaskCompletionSource Done)>(MostAtOnce);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
                await Commit(batch);
        }
        catch (OperationCanceledException)
        {
            // Requests that ended while the host stopped are told too.
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryPeek(out _))
                await Commit(batch);
        }
        await keeping;
    }

    private async Task Commit(List<(AuditEntry Entry, TaskCompletionSource Done)> batch)
    {
        batch.Clear();
        while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var next))
            batch.Add(next);
        try
        {
            await log.Append(settings.Id, [.. batch.Select(b => b.Entry)], CancellationToken.None);
            batch.ForEach(b => b.Done.SetResult());
        }
        catch (Exception problem)
        {
            LogLost(batch.Count, problem);
            batch.ForEach(b => b.Done.SetException(problem));
        }
    }

    private async Task KeepHouse(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RetentionInterval, time);
        try
        {
            do
            {
                if (await log.DropBefore(time.GetUtcNow() - options.Value.Retention, stoppingToken) is > 0 and var months)
                    LogDropped(months);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        catch (Npgsql.NpgsqlException problem)
        {
            LogLost(0, problem);
        }
    }

    [LoggerMessage(1901, LogLevel.Critical, "{Lines} audit lines could not be written")]
    private partial void LogLost(int lines, Exception problem);

    [LoggerMessage(1902, LogLevel.Information, "Retention removed {Months} months of the audit log")]
    private partial void LogDropped(int months);
}
