using CocoonPool.Adapters.Postgres.Participants;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Participants;

/// <summary>Stake that goes back to its participant.</summary>
public static class StakeEndpoints
{
    /// <param name="AmountNano">Left out: everything, which ends the participation.</param>
    public sealed record RequestBody(string? AmountNano = null);

    public sealed record PaidBody(string Transaction);

    public static void MapStakes(this IEndpointRouteBuilder routes)
    {
        const string Withdrawals = "/api/v1/participants/{address}/stake/withdrawals";
        routes.MapGet(Withdrawals, List).Requires(Permission.ReadParticipant).WithSummary("All withdrawals of stake, oldest first.");
        routes.MapPost(Withdrawals, Request).Requires(Permission.ManageParticipant).WithSummary("Asks stake back; without an amount all of it, which ends the participation.");
        routes.MapDelete(Withdrawals + "/{id}", Cancel).Requires(Permission.ManageParticipant).WithSummary("Takes the request back while it waits.");
        routes.MapPost(Withdrawals + "/{id}/complete", Complete).Requires(Permission.ManageParticipant).WithSummary("Sends the stake out once the delay is over.");
        routes.MapPost(Withdrawals + "/{id}/paid", Paid).Requires(Permission.Operate).WithSummary("Notes the transaction with which the operator paid a stake back.");
    }

    private static async Task<object> List(string address, HttpContext context, IGrainFactory grains, PoolSettings settings, int? limit, string? cursor) =>
        ApiJson.Page([.. (await Grain(address, context, grains, settings).Withdrawals()).Select(View)], limit, cursor);

    private static async Task<IResult> Request(string address, RequestBody body, HttpContext context, IGrainFactory grains, PoolSettings settings)
    {
        var amount = body.AmountNano is null ? (Nanotons?)null : Names.Amount(body.AmountNano, "amount_nano");
        return Results.Json(View((await Grain(address, context, grains, settings).RequestWithdrawal(amount)).OrThrow()), ApiJson.Options, statusCode: 201);
    }

    private static async Task<object> Cancel(string address, string id, HttpContext context, IGrainFactory grains, PoolSettings settings) =>
        View((await Grain(address, context, grains, settings).CancelWithdrawal(id)).OrThrow());

    private static async Task<object> Complete(string address, string id, HttpContext context, IGrainFactory grains, PoolSettings settings) =>
        View((await Grain(address, context, grains, settings).CompleteWithdrawal(id)).OrThrow());

    private static async Task<object> Paid(
        string address, string id, PaidBody body, HttpContext context, OperatorStakeCustody custody, IGrainFactory grains, PoolSettings settings, CancellationToken cancellationToken)
    {
        if (body.Transaction is not { Length: 64 } transaction || !transaction.All(char.IsAsciiHexDigit))
            throw ApiException.Invalid("transaction is the hash of the payment, 64 hexadecimal digits.");
        if (!await custody.NotePayment(settings.Id, Names.Address(address, settings), id, transaction.ToLowerInvariant(), cancellationToken))
            throw new ApiException(409, "conflict", "No stake of this name is to be paid, or another transaction is noted for it; look at the withdrawals of the participant.");
        return View((await Grain(address, context, grains, settings).CompleteWithdrawal(id)).OrThrow());
    }

    private static IParticipantGrain Grain(string address, HttpContext context, IGrainFactory grains, PoolSettings settings) =>
        grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, ParticipantEndpoints.Own(address, context, settings)));

    private static object View(WithdrawalDescription withdrawal) => new
    {
        withdrawal.Id,
        withdrawal.Full,
        amountNano = withdrawal.Amount,
        withdrawal.State,
        withdrawal.RequestedAt,
        withdrawal.DueAt,
        releasedNano = withdrawal.Released,
        withdrawal.Transaction,
    };
}
