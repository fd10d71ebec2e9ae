using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Participants;

namespace CocoonPool.Silo.Settlement;

/// <summary>What a participant claims on chain instead of being sent, with the proof that the contract asks for.</summary>
public static class ClaimEndpoints
{
    public static void MapClaims(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/participants/{address}/claims", List).Requires(Permission.ReadParticipant).WithSummary("Payouts that are withheld, claimable or claimed.");
        routes.MapGet("/api/v1/participants/{address}/claims/{epoch:int}", Prepare).Requires(Permission.ReadParticipant)
            .WithSummary("The message with which a payout is claimed from any wallet; it pays the participant's own address.");
    }

    private static async Task<object> List(
        string address, HttpContext context, ISettlementStore settlements, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        return ApiJson.Page([.. (await settlements.Payouts(settings.Id, participant, 10_000, cancellationToken)).Where(p => p.Held is not null).Select(View)], limit, cursor);
    }

    private static async Task<object> Prepare(
        string address, int epoch, HttpContext context, ISettlementStore settlements, IEpochStore epochs, IChainGateway chain, PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        var number = Names.Epoch(epoch);
        var held = (await settlements.Payouts(settings.Id, participant, 10_000, cancellationToken)).FirstOrDefault(p => p.Epoch == number && p.Held is not null)
            ?? throw ApiException.NotFound($"Nothing of epoch {epoch} is claimed by {participant.ToFriendly()}.");
        if (held.Held is not HoldState.Claimable)
            throw new ApiException(409, "not_claimable", $"This payout is {HoldWords.Of(held.Held!.Value)}.");
        var payables = await epochs.Payables(settings.Id, number, cancellationToken);
        var leaves = payables.Select(p => MerkleTree.LeafHash(PayoutLeaf.Bytes(number, p))).ToArray();
        var message = await chain.PrepareClaim(number, payables[held.Index], MerkleTree.Proof(leaves, held.Index), cancellationToken);
        return new { claim = View(held), to = message.To, valueNano = message.Value, bodyBoc = message.Body, message.Payable, message.Reason };
    }

    private static object View(ParticipantPayout payout) => new
    {
        payout.Epoch,
        payout.Index,
        amountNano = payout.Amount,
        payout.PayoutAddress,
        state = HoldWords.Of(payout.Held!.Value),
        reason = HoldWords.Of(payout.Reason!.Value),
        payout.Detail,
        transaction = payout.TransactionHash,
    };
}
