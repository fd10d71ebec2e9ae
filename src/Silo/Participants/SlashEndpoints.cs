using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Participants;

/// <summary>Slashes: opened by the operator with evidence, appealed by the participant, upheld by two people, taken back by one.</summary>
public static class SlashEndpoints
{
    public sealed record OpenBody(SlashOffence Offence, string Evidence);

    public static void MapSlashes(this IEndpointRouteBuilder routes)
    {
        const string Slashes = "/api/v1/participants/{address}/slashes";
        routes.MapGet(Slashes, List).Requires(Permission.ReadParticipant).WithSummary("A participant's slashes, newest first.");
        routes.MapPost(Slashes, Open).Requires(Permission.Operate).WithSummary("Opens a slash with its evidence; the same evidence again is the same slash.");
        routes.MapPost(Slashes + "/{id}/appeal", Appeal).Requires(Permission.ManageParticipant).WithSummary("Objects to a slash, within 72 hours.");
        routes.MapPost(Slashes + "/{id}/uphold", IResult () => throw ApprovalNeeded.For(SlashUphold.Name, "{\"participant\":\"…\",\"slash\":\"…\"}"))
            .Requires(Permission.Operate).WithSummary("Refuses and says where: against an appeal two people take the stake, with the approval slash_uphold.");
        routes.MapPost(Slashes + "/{id}/void", Void).Requires(Permission.Operate).WithSummary("Takes a slash back.");
    }

    private static async Task<object> List(string address, HttpContext context, ISlashStore store, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
        ApiJson.Page([.. (await store.List(settings.Id, ParticipantEndpoints.Own(address, context, settings), cancellationToken)).Select(slash => View(SlashDescription.Of(slash)))], limit, cursor);

    private static async Task<IResult> Open(string address, OpenBody body, IGrainFactory grains, PoolSettings settings)
    {
        var accusation = new SlashAccusation(Names.Address(address, settings), body.Offence, body.Evidence ?? throw ApiException.Invalid("evidence says what was seen, and where it can be looked at."));
        var grain = grains.GetGrain<ISlashGrain>($"{settings.Id}/{SlashRules.IdOf(accusation.Participant, accusation.Offence, accusation.Evidence)}");
        var known = await grain.Describe() is not null;
        return Results.Json(View((await grain.Open(accusation)).OrThrow()), ApiJson.Options, statusCode: known ? 200 : 201);
    }

    private static async Task<object> Appeal(string address, string id, ReasonBody body, HttpContext context, ISlashStore store, IGrainFactory grains, PoolSettings settings, CancellationToken cancellationToken)
    {
        ParticipantEndpoints.Own(address, context, settings);
        return View((await (await Of(address, id, context, store, grains, settings, cancellationToken)).Appeal(body.Reason ?? "")).OrThrow());
    }

    private static async Task<object> Void(string address, string id, ReasonBody body, HttpContext context, ISlashStore store, IGrainFactory grains, PoolSettings settings, CancellationToken cancellationToken) =>
        View((await (await Of(address, id, context, store, grains, settings, cancellationToken)).Void(body.Checked())).OrThrow());

    /// <summary>A slash of this very participant: whoever may speak for one may not touch another's by its id.</summary>
    private static async Task<ISlashGrain> Of(string address, string id, HttpContext context, ISlashStore store, IGrainFactory grains, PoolSettings settings, CancellationToken cancellationToken)
    {
        if (await store.Find(settings.Id, id, cancellationToken) is not { } slash || slash.Participant != Names.Address(address, settings))
            throw ApiException.NotFound("The participant has no such slash.");
        context.Audit(before: new { slash.State, slash.Amount });
        return grains.GetGrain<ISlashGrain>($"{settings.Id}/{id}");
    }

    private static object View(SlashDescription slash) => new
    {
        slash.Id,
        slash.Participant,
        slash.Offence,
        slash.Evidence,
        slash.RateBps,
        amountNano = slash.Amount,
        slash.State,
        slash.OpenedAt,
        slash.AppealUntil,
        slash.Appeal,
        slash.Ruling,
        slash.EndedAt,
        executionTransaction = slash.Execution,
    };
}
