using CocoonPool.Domain.Settlement;
using CocoonPool.Grains;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Settlement;

/// <summary>Settlements: what is paid, in which batches, by which transactions.</summary>
public static class SettlementEndpoints
{
    public sealed record FreezeBody(string Reason);

    public static void MapSettlements(this IEndpointRouteBuilder routes)
    {
        routes.MapPayoutFreezes();
        routes.MapClaims();
        routes.MapPayouts();
        const string path = "/api/v1/epochs/{number:int}/settlement";
        routes.MapGet(path, async (int number, IGrainFactory grains, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken) =>
            // Strangers ask here: no number that they think of wakes a grain.
            await epochs.Find(settings.Id, Names.Epoch(number), cancellationToken) is null
                ? throw ApiException.NotFound($"Epoch {number} has not begun.")
                : View(await Grain(grains, settings, number).Describe())).Requires(Permission.Public).WithSummary("The settlement of an epoch.");
        routes.MapGet($"{path}/plan", async (int number, IGrainFactory grains, PoolSettings settings) => View((await Grain(grains, settings, number).Preview()).OrThrow()))
            .Requires(Permission.ReadAll).WithSummary("What settling would do, or has still to do: batches, held entries, total, fees. Changes nothing.");
        routes.MapPost(path, async (int number, bool? dry_run, IGrainFactory grains, PoolSettings settings) =>
        {
            if (dry_run ?? false)
                return View((await Grain(grains, settings, number).Preview()).OrThrow());
            (await Grain(grains, settings, number).Begin()).OrThrow();
            return View(await Grain(grains, settings, number).Describe());
        }).Requires(Permission.Operate).WithSummary("Starts or wakes the settlement of a finalized epoch; with dry_run=true only says what it would do.");
        routes.MapPost($"{path}/freeze", async (int number, FreezeBody body, HttpContext context, IGrainFactory grains, PoolSettings settings) =>
        {
            if (body.Reason is not { Length: > 0 and <= 200 })
                throw ApiException.Invalid("reason is a short text that says why.");
            var before = await Grain(grains, settings, number).Describe();
            context.Audit(before: new { before.Phase, before.Frozen });
            (await Grain(grains, settings, number).Freeze(body.Reason)).OrThrow();
            return View(await Grain(grains, settings, number).Describe());
        }).Requires(Permission.Operate).WithSummary("Signs nothing new from now on.");
        routes.MapPost($"{path}/resume", IResult () => throw ApprovalNeeded.For(SettlementResume.Name, "{\"epoch\":7}"))
            .Requires(Permission.Operate).WithSummary("Refuses and says where: two people lift a freeze, with the approval settlement_resume.");
    }

    private static ISettlementGrain Grain(IGrainFactory grains, PoolSettings settings, int number) =>
        grains.GetGrain<ISettlementGrain>(GrainKeys.Epoch(settings.Id, Names.Epoch(number)));

    /// <summary>How far a payout is, in one word.</summary>
    public static string Status(ParticipantPayout payout) =>
        payout.Held is { } held ? HoldWords.Of(held) : payout.Phase == MessagePhase.Done ? "paid" : "in_flight";

    public static object View(SettlementDescription settlement) => new
    {
        settlement.Epoch,
        settlement.Phase,
        settlement.Frozen,
        settlement.Trouble,
        settlement.Alert,
        settlement.AlertSince,
        totalNano = settlement.Total,
        paidNano = settlement.Paid,
        batches = settlement.Batches.Select(View),
        held = settlement.Held.Select(View),
    };

    private static object View(SettlementPreview preview) => new
    {
        preview.Epoch,
        dryRun = true,
        preview.Planned,
        totalNano = preview.Total,
        feeNano = preview.Fee,
        estimatedNetworkFeesNano = preview.EstimatedNetworkFees,
        neededNano = preview.Needed,
        availableNano = preview.Available,
        covered = preview.Available >= preview.Needed,
        batches = preview.Batches.Select(View),
        held = preview.Held.Select(View),
    };

    private static object View(BatchDescription batch) => new
    {
        batch.Index,
        batch.Phase,
        batch.Payouts,
        totalNano = batch.Total,
        batch.ListHash,
        batch.MessageHash,
        transaction = batch.TransactionHash,
        networkFeeNano = batch.NetworkFee,
    };

    private static object View(HoldDescription held) => new { held.Reason, held.State, held.Payouts, amountNano = held.Amount };
}
