using System.Text.Json;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Participants;

/// <summary>Participants: who they are, how they want to be paid, and what happened to them.</summary>
public static class ParticipantEndpoints
{
    public sealed record RegisterParticipant(string WalletAddress, string? ReferrerAddress = null);

    /// <param name="MutedNotifications">All kinds of events that are not to be told; see <see cref="Notifications.Mutable"/>.</param>
    public sealed record ChangeSettings(string? MinPayoutNano = null, string? PayoutAddress = null, PayoutSchedule? Schedule = null, string[]? MutedNotifications = null);

    public static void MapParticipants(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/participants", Register).Requires(Permission.JoinPool).WithSummary("Registers a participant by wallet address.");
        routes.MapGet("/api/v1/participants", List).Requires(Permission.ReadAll).WithSummary("All participants.");
        routes.MapGet("/api/v1/participants/{address}", Get).Requires(Permission.ReadParticipant).WithSummary("One participant.");
        routes.MapPatch("/api/v1/participants/{address}/settings", Change).Requires(Permission.ManageParticipant).WithSummary("Changes the payout minimum, schedule or address, and which notifications are muted; a new address takes effect after 48 hours.");
        routes.MapPost("/api/v1/participants/{address}/claims", Claim).Requires(Permission.ManageParticipant).WithSummary("Asks for the balance to be paid with the running epoch, whatever the schedule is.");
        routes.MapPost("/api/v1/participants/{address}/suspend", Suspend).Requires(Permission.Operate).WithSummary("Suspends a participant and drains the workers.");
        routes.MapPost("/api/v1/participants/{address}/unsuspend", Unsuspend).Requires(Permission.Operate).WithSummary("Lifts a suspension.");
        routes.MapGet("/api/v1/participants/{address}/events", Events).Requires(Permission.ReadParticipant).WithSummary("What happened to the participant, newest first, without what is muted unless all=true.");
        routes.MapReceipts();
        routes.MapEarnings();
    }

    private static async Task<IResult> Register(RegisterParticipant body, HttpContext context, IGrainFactory grains, PoolSettings settings, TimeProvider time)
    {
        var address = Names.Address(body.WalletAddress, settings);
        context.MustBe(address);
        var grain = grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, address));
        var known = await grain.Describe() is not null;
        var referrer = body.ReferrerAddress is { } who ? Names.Address(who, settings) : (TonAddress?)null;
        return Results.Json(View((await grain.Register(referrer)).OrThrow(), time.GetUtcNow()), ApiJson.Options, statusCode: known ? 200 : 201);
    }

    private static async Task<object> List(IParticipantDirectory directory, PoolSettings settings, TimeProvider time, int? limit, string? cursor, CancellationToken cancellationToken) =>
        ApiJson.Page([.. (await directory.List(settings.Id, cancellationToken)).Select(one => View(one, time.GetUtcNow()))], limit, cursor);

    private static async Task<object> Get(string address, HttpContext context, IGrainFactory grains, PoolSettings settings, TimeProvider time)
    {
        var participant = Own(address, context, settings);
        return View(await grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, participant)).Describe() ?? throw Unknown(participant), time.GetUtcNow());
    }

    private static async Task<object> Change(string address, ChangeSettings body, HttpContext context, IGrainFactory grains, PoolSettings settings, TimeProvider time)
    {
        var participant = Own(address, context, settings);
        var minimum = body.MinPayoutNano is null ? (Nanotons?)null : Names.Amount(body.MinPayoutNano, "min_payout_nano");
        var to = body.PayoutAddress is null ? (TonAddress?)null : Names.Address(body.PayoutAddress, settings);
        // Keys lie in files, a participant's own on the workers' machines too. Where the money goes is said by whoever has the wallet at hand.
        if (to is not null && context.Holder() is not { Session: not null, Role: Permissions.ParticipantRole })
            throw new ApiException(403, "wallet_needed", "Sign in with the participant's wallet to change where its payouts go; a key, or an operator, cannot.");
        var grain = Grain(grains, settings, participant);
        await NoteBefore(context, grain, time);
        return View((await grain.ChangeSettings(new(minimum, body.Schedule, to, body.MutedNotifications))).OrThrow(), time.GetUtcNow());
    }

    private static async Task<object> Claim(string address, HttpContext context, IGrainFactory grains, PoolSettings settings, TimeProvider time) =>
        View((await Grain(grains, settings, Own(address, context, settings)).Claim()).OrThrow(), time.GetUtcNow());

    private static async Task<object> Suspend(string address, ReasonBody body, HttpContext context, IGrainFactory grains, IWorkerDirectory workers, PoolSettings settings, TimeProvider time)
    {
        var participant = Names.Address(address, settings);
        await NoteBefore(context, Grain(grains, settings, participant), time);
        var suspended = (await Grain(grains, settings, participant).Suspend(body.Checked())).OrThrow();
        await ParticipantFleet.Drain(grains, workers, settings.Id, participant, "the participant is suspended");
        return View(suspended, time.GetUtcNow());
    }

    private static async Task<object> Unsuspend(string address, HttpContext context, IGrainFactory grains, PoolSettings settings, TimeProvider time)
    {
        var grain = Grain(grains, settings, Names.Address(address, settings));
        await NoteBefore(context, grain, time);
        return View((await grain.Unsuspend()).OrThrow(), time.GetUtcNow());
    }

    private static async Task NoteBefore(HttpContext context, IParticipantGrain participant, TimeProvider time) =>
        context.Audit(before: await participant.Describe() is { } before ? View(before, time.GetUtcNow()) : null);

    private static async Task<object> Events(
        string address, bool? all, HttpContext context, IPoolEvents events, IGrainFactory grains, PoolSettings settings, int? limit, CancellationToken cancellationToken)
    {
        var participant = Own(address, context, settings);
        var muted = all == true ? null : (await Grain(grains, settings, participant).Describe())?.Muted;
        var happened = await events.List(settings.Id, participant, Math.Clamp(limit ?? 50, 1, 1_000), muted, cancellationToken);
        return new { data = happened.Select(e => new { e.Id, e.At, e.Type, data = JsonDocument.Parse(e.Data).RootElement }) };
    }

    private static IParticipantGrain Grain(IGrainFactory grains, PoolSettings settings, TonAddress participant) =>
        grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(settings.Id, participant));

    internal static TonAddress Own(string address, HttpContext context, PoolSettings settings)
    {
        var participant = Names.Address(address, settings);
        context.MustBe(participant);
        return participant;
    }

    private static ApiException Unknown(TonAddress participant) => ApiException.NotFound($"{participant.ToFriendly()} is no participant of this pool.");

    /// <param name="now">The payout address that is shown is the one in effect.</param>
    public static object View(ParticipantDescription participant, DateTimeOffset now) => new
    {
        participant.Address,
        addressFriendly = participant.Address.ToFriendly(),
        participant.State,
        participant.JoinedAt,
        payoutAddress = participant.Destination.At(now),
        minPayoutNano = participant.MinPayout,
        stakeNano = participant.Stake,
        requiredStakeNano = participant.RequiredStake,
        participant.Gpus,
        participant.Reputation,
        stakeHeldNano = participant.StakeHeld,
        stakeLeavingNano = participant.StakeLeaving,
        participant.Schedule,
        nextPayoutAddress = participant.NextPayoutFrom > now ? participant.NextPayoutAddress : null,
        nextPayoutFrom = participant.NextPayoutFrom > now ? participant.NextPayoutFrom : null,
        participant.ClaimRequestedAt,
        participant.Referrer,
        participant.SuspendedBecause,
        mutedNotifications = participant.Muted,
    };
}
