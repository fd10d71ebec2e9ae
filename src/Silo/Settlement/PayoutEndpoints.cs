using CocoonPool.Adapters.Postgres.Settlement;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Participants;

namespace CocoonPool.Silo.Settlement;

/// <summary>One payout with all that is known of it, and what the workers' vaults brought in.</summary>
public static class PayoutEndpoints
{
    public static void MapPayouts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/participants/{address}/payouts/{epoch:int}", One).Requires(Permission.ReadParticipant).WithSummary("One payout: its batch, the batch's list and transaction, and what holds it up.");
        routes.MapGet("/api/v1/vault-payments", Vaults).Requires(Permission.ReadAll).WithSummary("Payments that workers' vaults forwarded, newest first.");
    }

    private static async Task<object> One(string address, int epoch, HttpContext context, ISettlementStore settlements, PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        var number = Names.Epoch(epoch);
        var payout = (await settlements.Payouts(settings.Id, participant, 10_000, cancellationToken)).FirstOrDefault(p => p.Epoch == number)
            ?? throw ApiException.NotFound($"{participant.ToFriendly()} has no payout in epoch {epoch}, or it is not planned yet.");
        var outline = await settlements.Outline(settings.Id, number, cancellationToken);
        var message = outline?.Messages.FirstOrDefault(m => m.Index == payout.Batch);
        return new
        {
            payout.Epoch,
            payout.Index,
            payout.Participant,
            payout.PayoutAddress,
            amountNano = payout.Amount,
            status = SettlementEndpoints.Status(payout),
            payout.Batch,
            listHash = payout.Held is null && message is not null ? Convert.ToHexStringLower(message.ListHash) : null,
            messageHash = message?.MessageHash,
            transaction = payout.TransactionHash,
            reason = payout.Reason is { } reason ? HoldWords.Of(reason) : null,
            payout.Detail,
            alert = payout.Phase == MessagePhase.Done ? null : outline?.Alert?.Text,
        };
    }

    private static async Task<object> Vaults(string? worker, int? limit, int? cursor, VaultPayments payments, PoolSettings settings, CancellationToken cancellationToken)
    {
        if (worker is not null && (worker.Length != 64 || !worker.All(char.IsAsciiHexDigitLower)))
            throw ApiException.Invalid("worker is the worker's number on chain: 64 lower-case hexadecimal digits.");
        var (size, skip) = (Math.Clamp(limit ?? 50, 1, 1_000), Math.Max(0, cursor ?? 0));
        var (page, total) = await payments.List(settings.Id, worker, skip, size, cancellationToken);
        var more = skip + page.Count < total;
        return new
        {
            data = page.Select(payment => new
            {
                payment.Transaction,
                payment.Worker,
                payment.QueryId,
                payment.CocoonPayout,
                payment.PaidBy,
                amountNano = payment.Amount,
                payment.Epoch,
                payment.At,
            }),
            pagination = new { next_cursor = more ? $"{skip + page.Count}" : null, has_more = more, total },
        };
    }
}
