using System.Collections.Concurrent;
using CocoonPool.Domain.Audit;
using CocoonPool.Grains.Audit;

namespace CocoonPool.Adapters.Postgres.Audit;

/// <inheritdoc cref="IAuditJournal"/>
public sealed class PostgresAuditJournal(AuditLog log) : IAuditJournal
{
    /// <summary>Who the log says it was: nobody asked for it.</summary>
    public const string Actor = "pool";

    private const int MostRemembered = 10_000;

    // A message is sent again every second until it lands; only the first time is news, and the database need not be asked each time.
    private readonly ConcurrentDictionary<(string Pool, string Operation), bool> _written = new();

    public async Task Write(string poolId, AuditStep step, CancellationToken cancellationToken = default)
    {
        if (_written.ContainsKey((poolId, step.Operation)))
            return;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(step.At.ToUnixTimeMilliseconds());
        var entry = new AuditEntry(at, Actor, "", step.Action, step.Object, Actor, Success: true, step.Operation, After: step.Detail);
        await log.AppendOnce(poolId, step.Operation, entry, cancellationToken);
        if (_written.Count >= MostRemembered)
            _written.Clear();
        _written[(poolId, step.Operation)] = true;
    }
}
