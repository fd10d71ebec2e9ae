using System.Text.Json.Serialization;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Pool;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Participants;

namespace CocoonPool.Silo.Epochs;

/// <summary>Epochs, their tallies and their published bundles.</summary>
public static class EpochEndpoints
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);

    public sealed record FinalizeBody(bool DryRun, bool Early);

    /// <param name="Check">Only compare.</param>
    public sealed record RebuildBody(bool Check);

    public static void MapEpochs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/epochs", List).Requires(Permission.Public).WithSummary("All epochs, newest first.");
        routes.MapGet("/api/v1/epochs/{number:int}", Get).Requires(Permission.Public).WithSummary("One epoch.");
        routes.MapGet("/api/v1/epochs/{number:int}/tallies", Tallies).Requires(Permission.Public).WithSummary("What each participant contributed.");
        routes.MapGet("/api/v1/epochs/{number:int}/bundle.json", BundleJson).Requires(Permission.Public).WithSummary("The bundle from which anybody recomputes the epoch.");
        routes.MapGet("/api/v1/epochs/{number:int}/bundle.csv", BundleCsv).Requires(Permission.Public).WithSummary("The bundle as a table for people.");
        routes.MapGet("/api/v1/epochs/{number:int}/proof/{address}", Proof).Requires(Permission.Public).WithSummary("Merkle proof of one payout.");
        routes.MapPost("/api/v1/epochs/{number:int}/rebuild", Rebuild).Requires(Permission.Operate).WithSummary("Adds an epoch up again from its contributions, and repairs its tallies unless it only checks.");
        routes.MapPost("/api/v1/epochs/finalize", CloseEpoch).Requires(Permission.Operate).WithSummary("Closes the oldest open epoch, or says what closing it would give; 202 when a large one is still being closed.");
    }

    private static async Task<object> List(IEpochStore epochs, PoolSettings settings, int? limit, int? cursor, CancellationToken cancellationToken)
    {
        var newest = (await epochs.List(settings.Id, 1, cancellationToken: cancellationToken)).Select(e => e.Number.Value).FirstOrDefault();
        var page = await epochs.List(settings.Id, Math.Clamp(limit ?? 50, 1, 1_000), cursor is { } before ? Names.Epoch(before) : null, cancellationToken);
        var hasMore = page.Count > 0 && page[^1].Number > EpochNumber.First;
        return new { data = page.Select(View), pagination = new { next_cursor = hasMore ? page[^1].Number.ToString() : null, has_more = hasMore, total = newest } };
    }

    private static async Task<object> Get(int number, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken) =>
        View(await Find(number, epochs, settings, cancellationToken));

    private static async Task<object> Tallies(int number, IContributionStore contributions, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken)
    {
        var epoch = await Find(number, epochs, settings, cancellationToken);
        return new { data = (await contributions.Tallies(settings.Id, epoch.Number, cancellationToken)).Select(t => TallyView.Of(t, epoch.Number)) };
    }

    private static async Task<object> Rebuild(
        int number, RebuildBody body, IContributionStore contributions, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken)
    {
        var epoch = await Find(number, epochs, settings, cancellationToken);
        if (!body.Check && epoch.Phase != EpochState.Open)
            throw new ApiException(409, "epoch_not_open", $"Epoch {number} is closed and its tallies are final; compare them with check instead.");
        var differences = await contributions.CompareTallies(settings.Id, epoch.Number, repair: !body.Check, cancellationToken);
        return new
        {
            epoch = epoch.Number,
            body.Check,
            repaired = !body.Check && differences.Count > 0,
            differences = differences.Select(d => new { d.Participant, d.Figure, kept = d.Kept.ToString(), recomputed = d.Recomputed.ToString() }),
        };
    }

    private static async Task<IResult> BundleJson(int number, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken) =>
        Results.Bytes((await Bundle(number, epochs, settings, cancellationToken)).Json, "application/json");

    private static async Task<IResult> BundleCsv(int number, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken) =>
        Results.Text((await Bundle(number, epochs, settings, cancellationToken)).Csv, "text/csv; charset=utf-8");

    private static async Task<object> Proof(int number, string address, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken)
    {
        var epoch = await Find(number, epochs, settings, cancellationToken);
        var participant = Names.Address(address, settings);
        var payables = await epochs.Payables(settings.Id, epoch.Number, cancellationToken);
        var payable = payables.FirstOrDefault(p => p.Participant == participant)
            ?? throw ApiException.NotFound($"{participant.ToFriendly()} is paid nothing in epoch {number}.");
        var leaves = payables.Select(p => MerkleTree.LeafHash(PayoutLeaf.Bytes(epoch.Number, p))).ToArray();
        return new
        {
            epoch = epoch.Number,
            participant,
            payable.Index,
            payable.PayoutAddress,
            amountNano = payable.Amount,
            leaf = Convert.ToHexStringLower(leaves[payable.Index]),
            path = MerkleTree.Proof(leaves, payable.Index).Select(s => new { hash = Convert.ToHexStringLower(s.Sibling), side = s.SiblingIsLeft ? "left" : "right" }),
            root = epoch.MerkleRoot,
        };
    }

    private static async Task<IResult> CloseEpoch(
        FinalizeBody body, IGrainFactory grains, IEpochStore epochs, PoolSettings settings, IHostEnvironment environment, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Early && !environment.IsDevelopment())
            throw new ApiException(403, "forbidden", "Epochs are closed early only in Development; this one closes by itself at its end.");
        var closing = (await grains.GetGrain<IPoolGrain>(settings.Id).FinalizeEpoch(new(body.Early, body.DryRun))).OrThrow();
        if (!closing.Finished)
            closing = await ClosingAfter(closing, epochs, settings, time, cancellationToken);
        return Results.Json(
            new
            {
                closing.Epoch,
                revenueNano = closing.Revenue,
                feeNano = closing.Fee,
                closing.Participants,
                closing.BundleHash,
                closing.DryRun,
                closing.Finished,
            },
            ApiJson.Options,
            statusCode: closing.Finished ? 200 : 202);
    }

    /// <summary>A large epoch is closed without the pool waiting for it; whoever asked for it waits here, as long as a request may.</summary>
    private static async Task<EpochClosing> ClosingAfter(EpochClosing closing, IEpochStore epochs, PoolSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < LongestAnswer; waited += LookPeriod)
        {
            if (await epochs.Find(settings.Id, closing.Epoch, cancellationToken) is { Phase: >= EpochState.Finalized } epoch)
                return closing with { Revenue = epoch.Revenue, Fee = epoch.Fee, Participants = epoch.Participants, BundleHash = epoch.BundleHash!, Finished = true };
            await Task.Delay(LookPeriod, time, cancellationToken);
        }
        return closing;
    }

    private static async Task<EpochDescription> Find(int number, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken) =>
        await epochs.Find(settings.Id, Names.Epoch(number), cancellationToken) ?? throw ApiException.NotFound($"Epoch {number} has not begun.");

    private static async Task<PublishedBundle> Bundle(int number, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken) =>
        await epochs.Bundle(settings.Id, Names.Epoch(number), cancellationToken)
        ?? throw ApiException.NotFound($"Epoch {number} has no bundle: it is published when the epoch is finalized.");

    public static EpochView View(EpochDescription epoch) => new(
        epoch.Number, epoch.Phase, epoch.Start, epoch.End, epoch.Revenue, epoch.Fee, epoch.CarriedOver, epoch.Participants, epoch.MerkleRoot, epoch.BundleHash);
}

/// <summary>An epoch as the API shows it.</summary>
/// <param name="Tallies">Only in the live picture; the API has an address of its own for them.</param>
public sealed record EpochView(
    EpochNumber Number, EpochState Phase, DateTimeOffset Start, DateTimeOffset End, Nanotons RevenueNano, Nanotons FeeNano, Nanotons CarriedOverNano,
    int Participants, string? MerkleRoot, string? BundleHash,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IEnumerable<object>? Tallies = null);
