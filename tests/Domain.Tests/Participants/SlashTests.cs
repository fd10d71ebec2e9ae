using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class SlashTests
{
    private static readonly DateTimeOffset Now = Samples.Monday;
    private static readonly TonAddress Who = Samples.Address(1);
    private static readonly Slash Opened = new("ab", Who, SlashOffence.Downtime, "evidence", 500, new(7), Now, SlashState.Open, null, null, null);

    public static TheoryData<SlashState, SlashCommand, string> Within { get; } = Table.Read<SlashState, SlashCommand>(
        """
        Appeal:   Open→Appealed Appealed✗slash_already_appealed Final✗slash_final Voided✗slash_voided
        Void:     Open→Voided Appealed→Voided Final✗slash_final Voided✗slash_voided
        Uphold:   Open✗slash_not_appealed Appealed→Final Final✗slash_final Voided✗slash_voided
        LetStand: Open✗appeal_window_open Appealed✗slash_waits_for_ruling Final✗slash_final Voided✗slash_voided
        """);

    public static TheoryData<SlashState, SlashCommand, string> Afterwards { get; } = Table.Read<SlashState, SlashCommand>(
        """
        Appeal:   Open✗appeal_window_over Appealed✗slash_already_appealed Final✗slash_final Voided✗slash_voided
        Void:     Open→Voided Appealed→Voided Final✗slash_final Voided✗slash_voided
        Uphold:   Open✗slash_not_appealed Appealed→Final Final✗slash_final Voided✗slash_voided
        LetStand: Open→Final Appealed✗slash_waits_for_ruling Final✗slash_final Voided✗slash_voided
        """);

    [Theory]
    [MemberData(nameof(Within))]
    public void Slash_WithinTheWindow_AnswersEveryCommand(SlashState state, SlashCommand command, string expected) =>
        SlashLifecycle.Apply(state, command, Opened.AppealUntil, Opened.AppealUntil.AddTicks(-1)).ShouldAnswer(state, expected);

    [Theory]
    [MemberData(nameof(Afterwards))]
    public void Slash_AfterTheWindow_AnswersEveryCommand(SlashState state, SlashCommand command, string expected) =>
        SlashLifecycle.Apply(state, command, Opened.AppealUntil, Opened.AppealUntil).ShouldAnswer(state, expected);

    [Fact]
    public void Command_ThatIsNone_IsRefused() =>
        SlashLifecycle.Apply(SlashState.Open, (SlashCommand)9, Now, Now).Refusal.ShouldBe("slash_command_unknown");

    [Fact]
    public void AppealWindow_Is72Hours() => Opened.AppealUntil.ShouldBe(Now.AddHours(72));

    [Theory]
    [InlineData(SlashState.Open, true)]
    [InlineData(SlashState.Appealed, true)]
    [InlineData(SlashState.Final, false)]
    [InlineData(SlashState.Voided, false)]
    public void Slash_IsPendingUntilItIsDecided(SlashState state, bool pending) => (Opened with { State = state }).IsPending.ShouldBe(pending);

    [Theory]
    [InlineData(SlashOffence.Downtime, 500)]
    [InlineData(SlashOffence.InvalidAttestation, 1000)]
    [InlineData(SlashOffence.MaliciousResult, 2500)]
    [InlineData(SlashOffence.ForgedReceipt, 2500)]
    public void Rate_FollowsTheOffence(SlashOffence offence, int rateBps) => SlashRules.RateBps(offence, [Opened], Now).ShouldBe(rateBps);

    [Fact]
    public void Case_IsAPendingOneOfTheSameOffence()
    {
        SlashRules.CaseOf(SlashOffence.Downtime, [Opened]).ShouldBe(Opened);
        SlashRules.CaseOf(SlashOffence.Downtime, [Opened with { State = SlashState.Appealed }]).ShouldNotBeNull();
        SlashRules.CaseOf(SlashOffence.Downtime, [Opened with { State = SlashState.Final }, Opened with { State = SlashState.Voided }]).ShouldBeNull();
        SlashRules.CaseOf(SlashOffence.ForgedReceipt, [Opened]).ShouldBeNull();
    }

    [Fact]
    public void Rate_OfTheThirdWithin90Days_IsHalf()
    {
        var old = Opened with { OpenedAt = Now.AddDays(-90) };
        SlashRules.RateBps(SlashOffence.Downtime, [Opened, old], Now).ShouldBe(5000);
        SlashRules.RateBps(SlashOffence.Downtime, [Opened, old with { OpenedAt = old.OpenedAt.AddTicks(-1) }], Now).ShouldBe(500);
        SlashRules.RateBps(SlashOffence.Downtime, [Opened, old with { State = SlashState.Voided }], Now).ShouldBe(500);
        SlashRules.RateBps(SlashOffence.Downtime, [Opened, old with { State = SlashState.Final }, old], Now).ShouldBe(5000);
    }

    [Fact]
    public void Rate_OfAnUnknownOffence_IsABug() => Should.Throw<ArgumentOutOfRangeException>(() => SlashRules.RateBps((SlashOffence)9, [], Now));

    [Theory]
    [InlineData(100, 0, 2500, 25)]
    [InlineData(101, 0, 2500, 25)]
    [InlineData(100, 80, 2500, 20)]
    [InlineData(100, 100, 2500, 0)]
    [InlineData(0, 0, 5000, 0)]
    public void Amount_IsTheRateOfTheStake_ButNoMoreThanIsFree(long balance, long held, int rateBps, long amount) =>
        SlashRules.Amount(new(new(balance), new(held), Nanotons.Zero), rateBps).ShouldBe(new Nanotons(amount));

    [Fact]
    public void Absence_IsAnOffenceAfter48Hours()
    {
        SlashRules.IsDowntime(Now, Now.AddHours(48)).ShouldBeFalse();
        SlashRules.IsDowntime(Now, Now.AddHours(48).AddTicks(1)).ShouldBeTrue();
    }

    [Fact]
    public void Id_FollowsFromParticipantOffenceAndEvidence()
    {
        var id = SlashRules.IdOf(Who, SlashOffence.Downtime, "evidence");
        id.ShouldBe("b487a46164e8b0f638bb2fe2f581d35f");
        SlashRules.IdOf(Who, SlashOffence.Downtime, "evidence").ShouldBe(id);
        new[] { SlashRules.IdOf(Samples.Address(2), SlashOffence.Downtime, "evidence"), SlashRules.IdOf(Who, SlashOffence.ForgedReceipt, "evidence"), SlashRules.IdOf(Who, SlashOffence.Downtime, "other") }
            .ShouldAllBe(other => other != id);
    }

    [Theory]
    [InlineData(8, 4, 4)]
    [InlineData(7, 3, 4)]
    [InlineData(1, 0, 1)]
    public void Finality_BurnsHalf_AndGivesTheOddNanotonToTheTreasury(long amount, long burned, long treasury)
    {
        var slash = Opened with { Amount = new(amount) };
        var book = Staked(10);
        Record(book, SlashTransfers.Opening(slash));
        book[AccountName.Stake(Who)].ShouldBe(new AccountFigures(new(10), new(amount)));

        Record(book, SlashTransfers.Finality(slash, Now.AddDays(3)));
        book[AccountName.Stake(Who)].ShouldBe(new AccountFigures(new(10 - amount), Nanotons.Zero));
        book[AccountName.SlashPending].Balance.ShouldBe(new Nanotons(amount), "decided, and not executed on chain");

        var execution = SlashTransfers.Execution(slash with { State = SlashState.Final, Execution = "tx" }, Now.AddDays(3));
        Record(book, execution);
        Nanotons.Sum(execution.Where(line => line.Credit == AccountName.Burned).Select(line => line.Amount)).ShouldBe(new Nanotons(burned));
        Nanotons.Sum(execution.Where(line => line.Credit == AccountName.Treasury).Select(line => line.Amount)).ShouldBe(new Nanotons(treasury));
        book[AccountName.SlashPending].ShouldBe(default);
        book[AccountName.StakeAccounts].Balance.ShouldBe(new Nanotons(10 - amount), "the coins have left the account");
        SlashTransfers.Finality(slash, Now.AddDays(4)).ShouldAllBe(line => book.Apply(line) == TransferResult.AlreadyRecorded);
    }

    [Fact]
    public void Voiding_FreesTheStake()
    {
        var book = Staked(10);
        Record(book, SlashTransfers.Opening(Opened));
        Record(book, SlashTransfers.Voiding(Opened, Now.AddDays(1)));
        book[AccountName.Stake(Who)].ShouldBe(new AccountFigures(new(10), Nanotons.Zero));
        book.Apply(SlashTransfers.Finality(Opened, Now)[0]).ShouldBe(TransferResult.ReservationEnded);
    }

    [Fact]
    public void Lines_AreNamedAfterTheSlash_AndSayWhatTheyAreFor()
    {
        SlashTransfers.Opening(Opened).Select(line => (line.Id, line.Kind)).ShouldBe([("slash/ab", TransferKind.Slash)]);
        SlashTransfers.Voiding(Opened, Now).Select(line => line.Id).ShouldBe(["slash/ab/void"]);
        SlashTransfers.Finality(Opened, Now).Select(line => (line.Id, line.Kind, line.Reference)).ShouldBe([("slash/ab/post", TransferKind.Slash, "slash/ab")]);
        SlashTransfers.Execution(Opened with { Execution = "tx" }, Now).Select(line => (line.Id, line.Kind, line.Reference)).ShouldBe(
        [
            ("slash/ab/burned", TransferKind.SlashBurned, "slash/ab"), ("slash/ab/burned/sent", TransferKind.SlashBurned, "tx"),
            ("slash/ab/treasury", TransferKind.SlashToTreasury, "slash/ab"), ("slash/ab/treasury/sent", TransferKind.SlashToTreasury, "tx"),
        ]);
    }

    [Fact]
    public void Slash_OfNothing_HasNoLines()
    {
        var empty = Opened with { Amount = Nanotons.Zero };
        SlashTransfers.Opening(empty).ShouldBeEmpty();
        SlashTransfers.Voiding(empty, Now).ShouldBeEmpty();
        SlashTransfers.Finality(empty, Now).ShouldBeEmpty();
    }

    private static LedgerBook Staked(long amount)
    {
        var book = new LedgerBook();
        book.Apply(new("deposit", AccountName.StakeAccounts, AccountName.Stake(Who), new(amount), TransferKind.StakeDeposit, "tx", Now)).ShouldBe(TransferResult.Recorded);
        return book;
    }

    private static void Record(LedgerBook book, IEnumerable<Transfer> lines)
    {
        foreach (var line in lines)
            book.Apply(line).ShouldBe(TransferResult.Recorded);
    }
}
