using System.Globalization;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Participants;

/// <summary>A participant's receipts, each as its worker signed it, and what the pool reported of them.</summary>
public static class ReceiptEndpoints
{
    public static void MapReceipts(this IEndpointRouteBuilder routes)
    {
        const string Receipts = "/api/v1/participants/{address}/receipts";
        routes.MapGet(Receipts, List).Requires(Permission.ReadParticipant).WithSummary("The receipts, newest first, with what was credited for each.");
        routes.MapGet(Receipts + "/{task}", Proven).Requires(Permission.ReadParticipant).WithSummary("One receipt as the worker signed it, with its way to the signed root.");
        routes.MapGet("/api/v1/participants/{address}/misconduct", Misconduct).Requires(Permission.ReadParticipant).WithSummary("Offences that the pool itself saw, with what was sent and what became of it.");
    }

    private static async Task<object> List(
        string address, HttpContext context, IContributionStore contributions, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        var size = Math.Clamp(limit ?? 50, 1, 1_000);
        var page = await contributions.Receipts(settings.Id, participant, size, cursor is null ? null : Place(cursor), cancellationToken);
        var hasMore = page.Count == size;
        return new { data = page, pagination = new { next_cursor = hasMore ? Cursor(page[^1]) : null, has_more = hasMore } };
    }

    private static async Task<object> Proven(
        string address, string task, HttpContext context, IContributionStore contributions, PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        var own = TaskId.TryParse(task, out var id)
            ? (await contributions.Proven(settings.Id, id, cancellationToken)).Where(receipt => receipt.Participant == participant).ToList()
            : [];
        if (own.Count == 0)
            throw ApiException.NotFound($"There is no receipt of this participant for task '{task}'; receipts of retired months are with the operator.");
        return new { data = own.Select(View) };
    }

    private static async Task<object> Misconduct(
        string address, HttpContext context, IMisconductReports reports, PoolSettings settings, int? limit, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        return new
        {
            data = (await reports.List(settings.Id, participant, Math.Clamp(limit ?? 50, 1, 1_000), cancellationToken)).Select(one => new
            {
                one.Report.Id,
                one.Report.Worker,
                one.Report.Offence,
                one.Report.Evidence,
                exhibit = System.Text.Json.JsonDocument.Parse(one.Report.Exhibit).RootElement,
                one.Report.ReportedAt,
                one.Outcome,
            }),
        };
    }

    private static object View(ProvenReceipt receipt) => new
    {
        receipt.Recorded,
        receipt.AssignedAt,
        canonical = Convert.ToBase64String(receipt.Canonical),
        leaf = Convert.ToHexStringLower(MerkleTree.LeafHash(receipt.Canonical)),
        path = ReceiptSignature.Path(receipt.InclusionProof).Select(step => new { hash = Convert.ToHexStringLower(step.Sibling), side = step.SiblingIsLeft ? "left" : "right" }),
        batchRoot = Convert.ToHexStringLower(receipt.BatchRoot),
        batchSignature = Convert.ToBase64String(receipt.BatchSignature),
    };

    private static string Cursor(RecordedReceipt last) => string.Create(CultureInfo.InvariantCulture, $"{last.EndedAt.ToUnixTimeMilliseconds()}.{last.Task}");

    private static (DateTimeOffset EndedAt, TaskId Task) Place(string cursor) =>
        cursor.Split('.', 2) is [var ended, var task] && long.TryParse(ended, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() && TaskId.TryParse(task, out var id)
            ? (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id)
            : throw ApiException.Invalid("The cursor is the next_cursor of the page before.");
}
