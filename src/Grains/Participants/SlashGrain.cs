using System.Text.Json;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Participants;

/// <inheritdoc cref="ISlashGrain"/>
public sealed partial class SlashGrain(
    ISlashStore store,
    IParticipantDirectory participants,
    IWorkerDirectory workers,
    ILedgerStore ledger,
    IAuditJournal journal,
    TimeProvider time,
    ILogger<SlashGrain> log) : Grain, ISlashGrain, IRemindable
{
    private const string FinalityReminder = "finality";
    private const int MaxEvidence = 4_000;
    private const int Attempts = 3;

    private string PoolId => GrainKeys.Split(this.GetPrimaryKeyString()).PoolId;

    private string Id => GrainKeys.Split(this.GetPrimaryKeyString()).Name;

    public async Task<Outcome<SlashDescription>> Open(SlashAccusation accusation)
    {
        if (accusation.Evidence.Length is 0 or > MaxEvidence)
            return Outcome<SlashDescription>.Refused("invalid_request", $"The evidence has 1 to {MaxEvidence} characters; put more behind a link in it.");
        if (!string.Equals(Id, SlashRules.IdOf(accusation.Participant, accusation.Offence, accusation.Evidence), StringComparison.Ordinal))
            throw new ArgumentException("The grain's key is not the id of this accusation.", nameof(accusation));
        if (await store.Find(PoolId, Id) is { } known)
            return await Answer(known);
        if (await participants.Find(PoolId, accusation.Participant) is null)
            return Outcome<SlashDescription>.Refused("not_found", $"{accusation.Participant.ToFriendly()} is no participant of this pool.");

        // What the chain has is known better before than after; when it cannot be asked, the books decide and follow later.
        await GrainFactory.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, accusation.Participant)).FollowStake();

        // The reminder comes first: a slash that is written always has somebody who ends it.
        await this.RegisterOrUpdateReminder(FinalityReminder, SlashRules.AppealWindow, TimeSpan.FromMinutes(5));
        return await Answer(await Write(accusation));
    }

    public async Task<SlashDescription?> Describe() => await store.Find(PoolId, Id) is { } slash ? SlashDescription.Of(slash) : null;

    public Task<Outcome<SlashDescription>> Appeal(string words) => Apply(SlashCommand.Appeal, words);

    public Task<Outcome<SlashDescription>> Uphold(string ruling) => Apply(SlashCommand.Uphold, ruling);

    public Task<Outcome<SlashDescription>> Void(string ruling) => Apply(SlashCommand.Void, ruling);

    public async Task Review()
    {
        if (await store.Find(PoolId, Id) is { State: SlashState.Open } open && time.GetUtcNow() >= open.AppealUntil)
            await Apply(SlashCommand.LetStand, "not appealed");
        if (await store.Find(PoolId, Id) is not { IsPending: true } ended)
            await Finish(await store.Find(PoolId, Id));
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Review();

    /// <summary>Takes the rate of the stake as it stands; when another step takes from the stake at the same time, it is read again.</summary>
    private async Task<Slash> Write(SlashAccusation accusation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
            var figures = await ledger.Account(PoolId, AccountName.Stake(accusation.Participant));
            var rate = SlashRules.RateBps(accusation.Offence, await store.List(PoolId, accusation.Participant), now);
            var amount = SlashRules.Amount(new(figures.Balance, figures.Reserved, Nanotons.Zero), rate);
            var slash = new Slash(Id, accusation.Participant, accusation.Offence, accusation.Evidence, rate, amount, now, SlashState.Open, null, null, null);
            try
            {
                await Note(slash);
                await store.Open(PoolId, slash, SlashTransfers.Opening(slash), Told(slash, "opened", now));
                LogSlash(Id, slash.Participant.ToString(), slash.Offence, slash.State, slash.Amount);
                return slash;
            }
            catch (LedgerRefusedException refused) when (refused.Result == TransferResult.InsufficientFunds && attempt < Attempts)
            {
            }
        }
    }

    private async Task<Outcome<SlashDescription>> Apply(SlashCommand command, string words)
    {
        if (words.Length is 0 or > MaxEvidence)
            return Outcome<SlashDescription>.Refused("invalid_request", $"Say why, in 1 to {MaxEvidence} characters.");
        Slash? slash;
        Slash next;
        var attempt = 0;
        do
        {
            slash = await store.Find(PoolId, Id);
            if (slash is null)
                return Outcome<SlashDescription>.Refused("not_found", $"There is no slash '{Id}'.");
            var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
            var transition = SlashLifecycle.Apply(slash.State, command, slash.AppealUntil, now);
            if (!transition.Accepted)
                return IsRepeat(slash, command, words) ? await Answer(slash) : Outcome<SlashDescription>.Refused("illegal_transition", $"{transition.Refusal}: the slash is {slash.State.ToString().ToLowerInvariant()}; it could be appealed until {slash.AppealUntil:u}.");
            next = command == SlashCommand.Appeal
                ? slash with { State = transition.To, Appeal = words }
                : slash with { State = transition.To, Ruling = words, EndedAt = now };
            await Note(next);
            var transfers = transition.To switch
            {
                SlashState.Final => SlashTransfers.Finality(slash, now),
                SlashState.Voided => SlashTransfers.Voiding(slash, now),
                _ => [],
            };
            await store.Change(PoolId, next, transfers, Told(next, next.State.ToString().ToLowerInvariant(), now));
        }
        while ((await store.Find(PoolId, Id))!.State != next.State && ++attempt < Attempts);
        LogSlash(Id, slash.Participant.ToString(), slash.Offence, next.State, slash.Amount);
        if (!next.IsPending)
            await Finish(next);
        return await Answer(next);
    }

    /// <summary>What follows from the end: the stake is compared with its tier, and whoever is suspended by it stops working.</summary>
    private async Task Finish(Slash? ended)
    {
        if (ended is not null)
        {
            var participant = await GrainFactory.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, ended.Participant)).ReviewStake();
            if (participant.Value is { State: ParticipantState.Suspended })
                await ParticipantFleet.Drain(GrainFactory, workers, PoolId, ended.Participant, "the participant is suspended");
        }

        // Only now: until all of this is done, the reminder comes again.
        if (await this.GetReminder(FinalityReminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    private static bool IsRepeat(Slash slash, SlashCommand command, string words) => (command, slash.State) switch
    {
        (SlashCommand.Appeal, SlashState.Appealed) => string.Equals(slash.Appeal, words, StringComparison.Ordinal),
        (SlashCommand.Uphold, SlashState.Final) or (SlashCommand.Void, SlashState.Voided) => string.Equals(slash.Ruling, words, StringComparison.Ordinal),
        _ => false,
    };

    private async Task<Outcome<SlashDescription>> Answer(Slash slash)
    {
        if (slash.IsPending)
            await GrainFactory.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, slash.Participant)).ReviewStake();
        return Outcome<SlashDescription>.Done(SlashDescription.Of(slash));
    }

    private Task Note(Slash slash) => journal.Write(PoolId, new(
        $"slash/{slash.Id}/{slash.State}/{slash.Amount}", $"slash_{slash.State.ToString().ToLowerInvariant()}", $"{slash.Participant}", time.GetUtcNow(),
        JsonSerializer.Serialize(new { slash.Id, slash.Offence, amountNano = slash.Amount, slash.Ruling }, DomainJson.Options)));

    /// <summary>The evidence and the words of both sides are not in it: who may read the slash finds them there.</summary>
    private static PoolEvent Told(Slash slash, string what, DateTimeOffset at) => new(
        $"slash/{slash.Id}/{what}", at, $"slash_{what}", slash.Participant,
        JsonSerializer.Serialize(new { slash.Id, slash.Offence, slash.RateBps, amountNano = slash.Amount, slash.AppealUntil }, DomainJson.Told));
}
