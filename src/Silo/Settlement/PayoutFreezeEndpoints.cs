using CocoonPool.Grains;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;

namespace CocoonPool.Silo.Settlement;

/// <summary>Stopping the payouts of one participant: one person stops, two release.</summary>
public static class PayoutFreezeEndpoints
{
    public static void MapPayoutFreezes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/payout-freezes", List).Requires(Permission.ReadAll).WithSummary("Whose payouts are stopped, and why.");
        routes.MapPost("/api/v1/participants/{address}/payout-freeze", Freeze).Requires(Permission.Operate)
            .WithSummary("Stops payouts to one participant; what is not signed yet is withheld, and nobody else waits for it.");
        routes.MapPost("/api/v1/participants/{address}/payout-release", IResult () => throw ApprovalNeeded.For(PayoutRelease.Name, "{\"participant\":\"…\"}"))
            .Requires(Permission.Operate).WithSummary("Refuses and says where: two people release withheld payouts, with the approval payout_release.");
    }

    private static async Task<object> List(IPayoutFreezes freezes, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
        ApiJson.Page([.. (await freezes.List(settings.Id, cancellationToken)).Select(View)], limit, cursor);

    private static async Task<object> Freeze(
        string address, ReasonBody body, HttpContext context, IPayoutFreezes freezes, PoolSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var participant = Names.Address(address, settings);
        await freezes.Freeze(settings.Id, new(participant, body.Checked(), context.Holder()!.Subject, time.GetUtcNow()), cancellationToken);

        // A repeat answers the freeze that is there.
        return View((await freezes.List(settings.Id, cancellationToken)).Single(f => f.Participant == participant));
    }

    private static object View(PayoutFreeze freeze) => new { freeze.Participant, freeze.Reason, frozenBy = freeze.By, frozenAt = freeze.At };
}
