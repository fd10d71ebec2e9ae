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

    public static void MapStakes(this IEndpointRouteBuilder routes)
    {
        const string Withdrawals = "/api/v1/participants/{address}/stake/withdrawals";
        routes.MapGet("/api/v1/participants/{address}/stake", Stake).Requires(Permission.ReadParticipant)
            .WithSummary("The registry, the participant's stake account, and the messages with which their own wallet registers, tops up, asks back and completes.");
        routes.MapGet(Withdrawals, List).Requires(Permission.ReadParticipant).WithSummary("All withdrawals of stake, oldest first.");
        routes.MapPost(Withdrawals, Request).Requires(Permission.ManageParticipant).WithSummary("Announces that stake is wanted back; without an amount all of it, which ends the participation. The participant's wallet then asks the stake account for it.");
        routes.MapDelete(Withdrawals + "/{id}", Cancel).Requires(Permission.ManageParticipant).WithSummary("Takes the request back while it waits.");
        routes.MapPost(Withdrawals + "/{id}/complete", Complete).Requires(Permission.ManageParticipant).WithSummary("Looks at the chain whether it is paid, or tells what is missing; the pool pays one that is due by itself.");
    }

    private static async Task<object> Stake(string address, string? amount_nano, HttpContext context, IStakeMessages messages, PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        var stake = await messages.Prepare(participant, amount_nano is null ? null : Names.Amount(amount_nano, "amount_nano"), cancellationToken);
        return new
        {
            participant,
            stake.Registry,
            registryFriendly = stake.Registry.ToFriendly(bounceable: true),
            stake.StakeAccount,
            stake.Registered,
            stakeNano = stake.Stake,
            minimumStakeNano = stake.MinimumStake,
            stake.WithdrawalDelaySeconds,
            amountNano = stake.Amount,
            messages = stake.Messages.Select(message => new { message.Action, message.To, valueNano = message.Value, bodyBoc = message.Body }),
        };
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

    private static IParticipantGrain Grain(string address, HttpContext context, IGrainFactory grains, PoolSettings settings) =>
        grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, ParticipantEndpoints.Own(address, context, settings)));

    private static object View(WithdrawalDescription withdrawal) => new
    {
        withdrawal.Id,
        withdrawal.Full,
        amountNano = withdrawal.Amount,
        withdrawal.State,
        withdrawal.OnChain,
        withdrawal.RequestedAt,
        withdrawal.DueAt,
        releasedNano = withdrawal.Released,
        withdrawal.Transaction,
    };
}
