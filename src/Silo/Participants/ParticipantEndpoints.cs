using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Participants;

/// <summary>Participants, what they earned and what they were paid.</summary>
public static class ParticipantEndpoints
{
    public sealed record RegisterParticipant(string WalletAddress);

    public sealed record ChangeSettings(string MinPayoutNano);

    public static void MapParticipants(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/participants", Register).Requires(Permission.JoinPool).WithSummary("Registers a participant by wallet address.");
        routes.MapGet("/api/v1/participants", List).Requires(Permission.ReadAll).WithSummary("All participants.");
        routes.MapGet("/api/v1/participants/{address}", Get).Requires(Permission.ReadParticipant).WithSummary("One participant.");
        routes.MapPatch("/api/v1/participants/{address}/settings", Change).Requires(Permission.ManageParticipant).WithSummary("Changes the payout minimum.");
        routes.MapGet("/api/v1/participants/{address}/earnings", Earnings).Requires(Permission.ReadParticipant).WithSummary("Earned so far, history, balance.");
        routes.MapGet("/api/v1/participants/{address}/payouts", Payouts).Requires(Permission.ReadParticipant).WithSummary("Every payout with its transaction.");
        routes.MapGet("/api/v1/participants/{address}/receipts", Receipts).Requires(Permission.ReadParticipant).WithSummary("The newest receipts, with what was credited for each.");
        routes.MapGet("/api/v1/participants/{address}/contributions", Contributions).Requires(Permission.ReadParticipant).WithSummary("What was contributed in an epoch.");
    }

    private static async Task<IResult> Register(RegisterParticipant body, HttpContext context, IGrainFactory grains, PoolSettings settings)
    {
        var address = Names.Address(body.WalletAddress, settings);
        context.MustBe(address);
        var grain = grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, address));
        var known = await grain.Describe() is not null;
        return Results.Json(View((await grain.Register()).OrThrow()), ApiJson.Options, statusCode: known ? 200 : 201);
    }

    private static async Task<object> List(IParticipantDirectory directory, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
        ApiJson.Page([.. (await directory.List(settings.Id, cancellationToken)).Select(View)], limit, cursor);

    private static async Task<object> Get(string address, HttpContext context, IGrainFactory grains, PoolSettings settings)
    {
        var participant = Own(address, context, settings);
        return View(await grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, participant)).Describe() ?? throw Unknown(participant));
    }

    private static async Task<object> Change(string address, ChangeSettings body, HttpContext context, IGrainFactory grains, PoolSettings settings)
    {
        var participant = Own(address, context, settings);
        if (!Nanotons.TryParse(body.MinPayoutNano, out var minimum))
            throw ApiException.Invalid("min_payout_nano is a whole number of nanoTON in a string.");
        var grain = grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, participant));
        context.Audit(before: await grain.Describe() is { } before ? View(before) : null);
        return View((await grain.ChangeSettings(new(minimum))).OrThrow());
    }

    private static async Task<object> Earnings(
        string address, HttpContext context, IEpochStore epochs, ILedgerStore ledger, ISettlementStore settlements, PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = Own(address, context, settings);
        var rewards = await ledger.Account(settings.Id, AccountName.Rewards(participant), cancellationToken);
        var payouts = await settlements.Payouts(settings.Id, participant, 1_000, cancellationToken);
        var paid = payouts.Where(p => p.Phase == MessagePhase.Done).ToDictionary(p => p.Epoch);
        var shares = await epochs.Shares(settings.Id, participant, cancellationToken);
        return new
        {
            address = participant,
            rewardsBalanceNano = rewards.Available,
            inFlightNano = rewards.Reserved,
            paidTotalNano = Nanotons.Sum(paid.Values.Select(p => p.Amount)),
            history = shares.Select(s => new
            {
                s.Epoch,
                shareNano = s.Share,
                payableNano = s.Payable,
                paidNano = paid.TryGetValue(s.Epoch, out var p) ? p.Amount : Nanotons.Zero,
                transaction = paid.GetValueOrDefault(s.Epoch)?.TransactionHash,
            }),
        };
    }

    private static async Task<object> Payouts(
        string address, HttpContext context, ISettlementStore settlements, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var participant = Own(address, context, settings);
        return ApiJson.Page(
            [.. (await settlements.Payouts(settings.Id, participant, 10_000, cancellationToken)).Select(p => new
            {
                p.Epoch,
                p.Batch,
                amountNano = p.Amount,
                status = p.Phase == MessagePhase.Done ? "paid" : "in_flight",
                transaction = p.TransactionHash,
                p.PayoutAddress,
            })], limit, cursor);
    }

    private static async Task<object> Receipts(
        string address, HttpContext context, IContributionStore contributions, PoolSettings settings, int? limit, CancellationToken cancellationToken)
    {
        var participant = Own(address, context, settings);
        return new { data = await contributions.Receipts(settings.Id, participant, Math.Clamp(limit ?? 50, 1, 1_000), cancellationToken) };
    }

    private static async Task<object> Contributions(
        string address, int? epoch_id, HttpContext context, IContributionStore contributions, IEpochStore epochs, PoolSettings settings, CancellationToken cancellationToken)
    {
        var participant = Own(address, context, settings);
        var epoch = epoch_id is { } number ? Names.Epoch(number) : (await epochs.List(settings.Id, cancellationToken)).Max(e => e.Number);
        var tally = (await contributions.Tallies(settings.Id, epoch, cancellationToken)).FirstOrDefault(t => t.Tally.Participant == participant);
        return TallyView.Of(tally ?? new(new(participant, 0, 0, 0, 0, 0), 0, 0), epoch);
    }

    private static TonAddress Own(string address, HttpContext context, PoolSettings settings)
    {
        var participant = Names.Address(address, settings);
        context.MustBe(participant);
        return participant;
    }

    private static ApiException Unknown(TonAddress participant) => ApiException.NotFound($"{participant.ToFriendly()} is no participant of this pool.");

    public static object View(ParticipantDescription participant) => new
    {
        participant.Address,
        addressFriendly = participant.Address.ToFriendly(),
        participant.State,
        participant.JoinedAt,
        participant.PayoutAddress,
        minPayoutNano = participant.MinPayout,
        stakeNano = participant.Stake,
        requiredStakeNano = participant.RequiredStake,
        participant.Gpus,
        participant.Reputation,
    };
}

/// <summary>A tally as the API shows it.</summary>
public static class TallyView
{
    public static object Of(EpochTally tally, EpochNumber epoch) => new
    {
        epoch,
        tally.Tally.Participant,
        tasks = (long)tally.Tally.Tasks,
        failedTasks = tally.Tally.FailedTasks,
        promptTokens = tally.PromptTokens,
        completionTokens = tally.CompletionTokens,
        tokens = tally.PromptTokens + tally.CompletionTokens,
        adjustedTokens = tally.Tally.AdjustedTokens.ToString(),
        gpuMilliseconds = tally.Tally.GpuMilliseconds.ToString(),
        gpuSeconds = (long)(tally.Tally.GpuMilliseconds / 1000),
        qualityTokens = tally.Tally.QualityTokens.ToString(),
    };
}
