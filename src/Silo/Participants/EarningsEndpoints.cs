using CocoonPool.Adapters.Postgres.Participants;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Settlement;

namespace CocoonPool.Silo.Participants;

/// <summary>What a participant contributed, earned and was paid.</summary>
internal static class EarningsEndpoints
{
    public static void MapEarnings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/participants/{address}/earnings", Earnings).Requires(Permission.ReadParticipant).WithSummary("Earned so far, history, balance.");
        routes.MapGet("/api/v1/participants/{address}/payouts", Payouts).Requires(Permission.ReadParticipant).WithSummary("Every payout with its transaction.");
        routes.MapGet("/api/v1/participants/{address}/contributions", Contributions).Requires(Permission.ReadParticipant).WithSummary("What was contributed in an epoch.");
    }

    private static async Task<object> Earnings(
        string address, HttpContext context, IGrainFactory grains, IEpochStore epochs, ILedgerStore ledger, ISettlementStore settlements, PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        var current = (await epochs.Unsettled(settings.Id, cancellationToken)).FirstOrDefault(e => e.Phase == EpochState.Open);
        var estimate = current is null ? null : await grains.GetGrain<IEpochGrain>(GrainKeys.Epoch(settings.Id, current.Number)).Estimate(participant);
        var rewards = await ledger.Account(settings.Id, AccountName.Rewards(participant), cancellationToken);
        var payouts = await settlements.Payouts(settings.Id, participant, 1_000, cancellationToken);
        var paid = payouts.Where(p => p.Phase == MessagePhase.Done).ToDictionary(p => p.Epoch);
        var shares = await epochs.Shares(settings.Id, participant, cancellationToken);
        return new
        {
            address = participant,
            epoch = current?.Number,
            earnedSoFarNano = (estimate?.Share ?? Nanotons.Zero) + (estimate?.ReferralBonus ?? Nanotons.Zero),
            estimate,
            rewardsBalanceNano = rewards.Available,
            inFlightNano = rewards.Reserved,
            paidTotalNano = Nanotons.Sum(paid.Values.Select(p => p.Amount)),
            history = shares.Select(s => new
            {
                s.Epoch,
                shareNano = s.Share,
                referralBonusNano = s.ReferralBonus,
                payableNano = s.Payable,
                paidNano = paid.TryGetValue(s.Epoch, out var p) ? p.Amount : Nanotons.Zero,
                transaction = paid.GetValueOrDefault(s.Epoch)?.TransactionHash,
            }),
        };
    }

    private static async Task<object> Payouts(
        string address, HttpContext context, ISettlementStore settlements, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        return ApiJson.Page(
            [.. (await settlements.Payouts(settings.Id, participant, 10_000, cancellationToken)).Select(p => new
            {
                p.Epoch,
                p.Batch,
                amountNano = p.Amount,
                status = SettlementEndpoints.Status(p),
                transaction = p.TransactionHash,
                p.PayoutAddress,
            })], limit, cursor);
    }

    private static async Task<object> Contributions(
        string address, int? epoch_id, HttpContext context, IGrainFactory grains, IContributionStore contributions, IEpochStore epochs, ParticipantStatistics statistics,
        PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = ParticipantEndpoints.Own(address, context, settings);
        if (epoch_id is { } asked && await epochs.Find(settings.Id, Names.Epoch(asked), cancellationToken) is null)
            throw ApiException.NotFound($"Epoch {asked} has not begun.");
        var epoch = epoch_id is { } number ? Names.Epoch(number) : (await epochs.List(settings.Id, 1, cancellationToken: cancellationToken))[0].Number;
        var tally = (await contributions.Tallies(settings.Id, epoch, cancellationToken)).FirstOrDefault(t => t.Tally.Participant == participant);
        tally ??= new(new(participant, 0, 0, 0, 0, 0), 0, 0);
        return new
        {
            epoch,
            tally = TallyView.Of(tally, epoch),
            qualityPpm = MeasuredQuality.Ppm(tally.Tally),
            estimate = await grains.GetGrain<IEpochGrain>(GrainKeys.Epoch(settings.Id, epoch)).Estimate(participant),
            share = (await epochs.Shares(settings.Id, participant, cancellationToken)).FirstOrDefault(s => s.Epoch == epoch),
            allTime = await statistics.Read(settings.Id, participant, cancellationToken),
        };
    }
}
