using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Participants;

public sealed class SlashTests : MemberTests
{
    [Fact]
    public async Task Open_HoldsTheRateOfTheStake_AndSuspendsNobodyForAnAccusation()
    {
        var slash = (await Open(SlashOffence.ForgedReceipt, "receipt 7")).Value!;

        (slash.RateBps, slash.Amount, slash.State).ShouldBe((2500, Nanotons.FromTon(25), SlashState.Open));
        var participant = (await Someone.Participant.Describe())!;
        (participant.Stake, participant.StakeHeld, participant.State).ShouldBe((Nanotons.FromTon(75), Nanotons.FromTon(25), ParticipantState.Active));
        (await Balance(AccountName.SlashPending)).ShouldBe(Nanotons.Zero);
        (await Host.Get<IPoolEvents>().List(PoolHost.PoolId, Someone.Address, 10)).ShouldContain(e => e.Type == "slash_opened");
    }

    [Theory]
    [InlineData(true, new[] { "slash_opened", "slash_appealed", "slash_final" })]
    [InlineData(false, new[] { "slash_opened", "slash_appealed", "slash_voided" })]
    public async Task EachStep_IsToldOnce_WithWhatTheSlashWasThen(bool upheld, string[] steps)
    {
        var slash = (await Open(SlashOffence.ForgedReceipt, "receipt 7")).Value!;
        for (var i = 0; i < 2; i++)
            await Slash(slash.Id).Appeal("It was the gateway.");
        for (var i = 0; i < 2; i++)
            await (upheld ? Slash(slash.Id).Uphold("It was not.") : Slash(slash.Id).Void("It was."));
        await Open(SlashOffence.ForgedReceipt, "receipt 7");

        var told = (await Host.Get<IPoolEvents>().List(PoolHost.PoolId, Someone.Address, 100)).Where(e => e.Type.StartsWith("slash_", StringComparison.Ordinal)).Reverse().ToList();

        told.Select(e => e.Type).ShouldBe(steps);
        foreach (var data in told.Select(e => System.Text.Json.JsonDocument.Parse(e.Data).RootElement))
            (data.GetProperty("id").GetString(), data.GetProperty("offence").GetString(), data.GetProperty("amount_nano").GetString()).ShouldBe((slash.Id, "forged_receipt", "25000000000"));
    }

    [Fact]
    public async Task Slash_ThatIsNotWritten_IsNotTold()
    {
        var slash = new Slash("ab", Someone.Address, SlashOffence.ForgedReceipt, "e", 2500, Nanotons.FromTon(1_000_000), Host.Time.GetUtcNow(), SlashState.Open, null, null, null);

        await Should.ThrowAsync<LedgerRefusedException>(() => Host.Get<ISlashStore>().Open(
            PoolHost.PoolId, slash, SlashTransfers.Opening(slash), new("slash/ab/opened", slash.OpenedAt, "slash_opened", slash.Participant, "{}")));

        (await Host.Get<IPoolEvents>().List(PoolHost.PoolId, Someone.Address, 100)).ShouldNotContain(e => e.Type == "slash_opened");
    }

    [Fact]
    public async Task Open_WithTheSameEvidenceAgain_HoldsNothingMore()
    {
        var first = (await Open(SlashOffence.ForgedReceipt, "receipt 7")).Value!;
        await Host.Restart();

        (await Open(SlashOffence.ForgedReceipt, "receipt 7")).Value.ShouldBe(first);
        (await Someone.Participant.Describe())!.StakeHeld.ShouldBe(Nanotons.FromTon(25));
    }

    [Fact]
    public async Task Slash_NotAppealed_IsMadeFinalByItsReminder_BurnsHalf_SuspendsAndCostsReputation()
    {
        await SetWorkerAside();
        var slash = (await Open(SlashOffence.MaliciousResult, "task 1")).Value!;

        Host.Time.Advance(SlashRules.AppealWindow + TimeSpan.FromMinutes(10));
        await Eventually.Holds(async () => (await Someone.Participant.Describe())!.State == ParticipantState.Suspended, "the participant is suspended after the slash");

        var final = (await Slash(slash.Id).Describe())!;
        final.State.ShouldBe(SlashState.Final);
        (await Balance(AccountName.SlashPending)).ShouldBe(Nanotons.FromTon(25), "decided, and not executed on chain");
        for (var step = 0; step < 8; step++)
            await Host.Grains.GetGrain<IStakeWatchGrain>(PoolHost.PoolId).Sweep();
        (Host.Chain.Stakes.Burned, Host.Chain.Stakes.Treasury).ShouldBe((new(12_500_000_000), new(12_500_000_000)));
        (await Balance(AccountName.SlashPending)).ShouldBe(Nanotons.Zero);
        (await Balance(AccountName.StakeAccounts)).ShouldBe(Nanotons.FromTon(75));
        var participant = (await Someone.Participant.Describe())!;
        (participant.State, participant.Stake, participant.Reputation).ShouldBe((ParticipantState.Suspended, Nanotons.FromTon(75), 400));
        participant.SuspendedBecause.ShouldNotBeNull();
        (await Host.Get<ILedgerStore>().Verify(PoolHost.PoolId)).FirstProblem.ShouldBeNull();
    }

    [Fact]
    public async Task Finality_Repeated_AlsoAfterARestart_TakesNothingTwice()
    {
        var slash = (await Open(SlashOffence.MaliciousResult, "task 1")).Value!;
        (await Slash(slash.Id).Appeal("It was the gateway.")).Accepted.ShouldBeTrue();
        (await Slash(slash.Id).Uphold("It was not.")).Value!.State.ShouldBe(SlashState.Final);

        (await Slash(slash.Id).Uphold("It was not.")).Accepted.ShouldBeTrue();
        await Host.Restart();
        await Slash(slash.Id).Review();

        (await Balance(AccountName.Stake(Someone.Address))).ShouldBe(Nanotons.FromTon(75));
        (await Someone.Participant.Describe())!.Reputation.ShouldBe(400);
        (await Someone.Worker.Describe())!.State.ShouldBe(WorkerState.Drained, "whoever is suspended would work for nothing");
        (await Slash(slash.Id).Void("Now it was.")).Message.ShouldContain("slash_final");
    }

    [Fact]
    public async Task Void_GivesTheStakeBack()
    {
        var slash = (await Open(SlashOffence.InvalidAttestation, "quote")).Value!;

        (await Slash(slash.Id).Void("A mistake.")).Value!.State.ShouldBe(SlashState.Voided);

        var participant = (await Someone.Participant.Describe())!;
        (participant.Stake, participant.StakeHeld, participant.Reputation, participant.State).ShouldBe((Nanotons.FromTon(100), Nanotons.Zero, 500, ParticipantState.Active));
    }

    [Fact]
    public async Task Appeal_KeepsTheStakeHeld_UntilTheOperatorRules()
    {
        await SetWorkerAside();
        var slash = (await Open(SlashOffence.InvalidAttestation, "quote")).Value!;
        (await Slash(slash.Id).Uphold("No.")).Message.ShouldContain("slash_not_appealed");
        await Slash(slash.Id).Appeal("The firmware was new.");

        Host.Time.Advance(SlashRules.AppealWindow + TimeSpan.FromHours(1));
        await Slash(slash.Id).Review();

        (await Slash(slash.Id).Describe())!.State.ShouldBe(SlashState.Appealed);
        (await Someone.Participant.Describe())!.StakeHeld.ShouldBe(Nanotons.FromTon(10));
    }

    [Fact]
    public async Task ThirdSlashWithin90Days_CostsHalf()
    {
        await Open(SlashOffence.Downtime, "first");
        await Open(SlashOffence.Downtime, "second");

        var third = (await Open(SlashOffence.Downtime, "third")).Value!;

        (third.RateBps, third.Amount).ShouldBe((5000, Nanotons.FromTon(50)));
    }

    [Fact]
    public async Task WorkerAwayTooLong_IsSlashedOnceForItsAbsence()
    {
        Host.Time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Holds(async () => (await Someone.Worker.Describe())!.State == WorkerState.Inactive, "the worker is missed");
        await Host.Pool.InspectDowntime();
        (await Slashes()).ShouldBeEmpty();

        Host.Time.Advance(SlashRules.LongestDowntime + TimeSpan.FromMinutes(1));
        await Host.Pool.InspectDowntime();
        await Host.Pool.InspectDowntime();

        (await Slashes()).ShouldHaveSingleItem().Offence.ShouldBe(SlashOffence.Downtime);
    }

    /// <summary>A worker that sends no heartbeats for days would be slashed for that too.</summary>
    private Task SetWorkerAside() => Someone.Worker.Quarantine("not part of this test");

    private Task<IReadOnlyList<Slash>> Slashes() => Host.Get<ISlashStore>().List(PoolHost.PoolId, Someone.Address);

    private Task<Outcome<SlashDescription>> Open(SlashOffence offence, string evidence) =>
        Slash(SlashRules.IdOf(Someone.Address, offence, evidence)).Open(new(Someone.Address, offence, evidence));

    private ISlashGrain Slash(string id) => Host.Grains.GetGrain<ISlashGrain>($"{PoolHost.PoolId}/{id}");

    private async Task<Nanotons> Balance(AccountName account) => (await Host.Get<ILedgerStore>().Account(PoolHost.PoolId, account)).Balance;
}
