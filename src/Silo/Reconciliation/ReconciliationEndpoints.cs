using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Grains.Reconciliation;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Reconciliation;

/// <summary>Ledger ↔ settlements ↔ chain: every difference by name, and the proof of each payout. Nothing here moves money.</summary>
public static class ReconciliationEndpoints
{
    /// <summary>A month: each day is read from the chain's history.</summary>
    private const int LongestDays = 31;

    public static IServiceCollection AddReconciliation(this IServiceCollection services) =>
        services.AddSingleton<PaymentWitnesses>().AddSingleton<PaymentReconciler>().AddSingleton<PaymentAuditor>().AddSingleton<OneAtATime>();

    public static void MapReconciliation(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/payments/reconciliation", Reconcile).Requires(Permission.ReadAll)
            .WithSummary("Compares ledger, settlements and chain over days in UTC, both ends included; every difference with what to do.");
        routes.MapGet("/api/v1/epochs/{number:int}/settlement/audit", Audit).Requires(Permission.ReadAll)
            .WithSummary("Follows an epoch's money from the receipts to the chain; each entry with what proves it.");
    }

    private static async Task<object> Reconcile(
        string? from, string? until, int? limit, string? cursor, PaymentReconciler reconciler, OneAtATime door, TimeProvider time, CancellationToken cancellationToken)
    {
        var first = Day(from, "from") ?? Today(time);
        var last = Day(until, "until") ?? first;
        if (last < first || last.DayNumber - first.DayNumber >= LongestDays)
            throw ApiException.Invalid($"until is the last day, from the first; at most {LongestDays} days at once.");
        using var turn = door.Enter();
        var report = await reconciler.Reconcile(Midnight(first), Midnight(last.AddDays(1)), cancellationToken);
        return new
        {
            from = first,
            until = last,
            report.Agrees,
            report.Payments,
            receivedNano = report.Received,
            epochs = report.Epochs.Select(epoch => new { epoch.Epoch, epoch.Payouts, totalNano = epoch.Total, epoch.Differences }),
            differences = ApiJson.Page([.. report.Differences.OrderBy(difference => difference.IsPassing).Select(View)], limit, cursor),
        };
    }

    private static async Task<object> Audit(
        int number, bool? receipts, int? limit, string? cursor, PaymentAuditor auditor, OneAtATime door, CancellationToken cancellationToken)
    {
        using var turn = door.Enter();
        var audit = await auditor.Audit(Names.Epoch(number), receipts ?? true, cancellationToken)
            ?? throw ApiException.NotFound($"Epoch {number} has no result: it is published when the epoch is finalized.");
        return new
        {
            audit.Epoch,
            audit.Proven,
            audit.Holds,
            links = audit.Links,
            states = audit.Entries.GroupBy(entry => entry.State).OrderBy(state => state.Key)
                .Select(state => new { state = state.Key, payouts = state.Count(), amountNano = Nanotons.Sum(state.Select(entry => entry.Entry.Amount)) }),
            differences = audit.Differences.Take(1_000).Select(View),
            entries = ApiJson.Page([.. audit.Entries.Select(View)], limit, cursor),
        };
    }

    private static object View(Difference difference) => new
    {
        difference.Kind,
        passing = difference.IsPassing,
        difference.Text,
        difference.Epoch,
        difference.Message,
        difference.Participant,
        difference.Subject,
        expectedNano = difference.Expected,
        foundNano = difference.Found,
        difference.Remedy,
    };

    private static object View(EntryProof proof) => new
    {
        proof.Entry.Index,
        proof.Entry.Participant,
        proof.Entry.PayoutAddress,
        amountNano = proof.Entry.Amount,
        proof.State,
        proof.Batch,
        listHash = proof.ListHash is null ? null : Convert.ToHexStringLower(proof.ListHash),
        proof.Transaction,
    };

    private static DateOnly? Day(string? text, string name) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day
        : throw ApiException.Invalid($"{name} is a day such as 2026-01-31, in UTC.");

    private static DateOnly Today(TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
