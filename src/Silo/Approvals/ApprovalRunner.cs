using CocoonPool.Adapters.Postgres.Approvals;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Domain.Approvals;
using CocoonPool.Domain.Audit;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Approvals;

/// <summary>Carries out approved operations when their timelock has passed. Every server looks; a row's lock lets one of them do it.</summary>
public sealed partial class ApprovalRunner(
    ApprovalStore store, Accounts accounts, IEnumerable<IApprovedOperation> operations, AuditWriter audit, PoolSettings settings, TimeProvider time, ILogger<ApprovalRunner> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // What cannot be done now is left for the next look: it must not hold up what waits behind it.
                var later = new List<Guid>();
                while (await store.ExecuteNext(settings.Id, later, approval => Try(approval, later, stoppingToken), stoppingToken) is not null)
                {
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogTrouble(problem);
            }
        }
    }

    private async Task<(bool Done, string Outcome)?> Try(Approval approval, List<Guid> later, CancellationToken cancellationToken)
    {
        try
        {
            return await Execute(approval, cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            LogLater(approval.Id, problem);
            later.Add(approval.Id);
            return null;
        }
    }

    private async Task<(bool Done, string Outcome)> Execute(Approval approval, CancellationToken cancellationToken)
    {
        var operation = operations.FirstOrDefault(o => string.Equals(o.Kind, approval.Kind, StringComparison.Ordinal));
        var (done, outcome) = operation is null ? (false, "unknown_kind")
            : await BothStillStand(approval, cancellationToken) ? await operation.Execute(approval, cancellationToken)
            : (false, "person_shut_out");
        // Before the row says so: an operation that was carried out twice by a crash is told twice, never not at all.
        await audit.Write(new AuditEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), $"{approval.ProposedBy}+{approval.DecidedBy}", "two-people", $"execute {approval.Kind}",
            approval.Id.ToString(), "timelock", done, $"approval_{approval.Id:n}", AuditText.Json(new { approval.Payload, approval.Reason }), AuditText.Json(new { outcome })), cancellationToken);
        return (done, outcome);
    }

    /// <summary>
    /// A day or more lies between the word of two people and the deed. When one of them was shut out meanwhile, or lost the role, the
    /// account was not in good hands, and what it said counts no more: others propose it again.
    /// </summary>
    private async Task<bool> BothStillStand(Approval approval, CancellationToken cancellationToken)
    {
        return await Stands(approval.ProposedBy, Permission.Propose) && await Stands(approval.DecidedBy!, Permission.Approve);

        async Task<bool> Stands(string username, Permission permission) =>
            await accounts.Find(settings.Id, username, cancellationToken) is { DisabledAt: null } account && Permissions.Allows(permission, account.Role);
    }

    [LoggerMessage(1911, LogLevel.Error, "Approved operations cannot be looked for now")]
    private partial void LogTrouble(Exception problem);

    [LoggerMessage(1912, LogLevel.Error, "The approved operation {Approval} could not be carried out now and is tried again")]
    private partial void LogLater(Guid approval, Exception problem);
}
