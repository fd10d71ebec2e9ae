using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Tests.Ledger;

/// <summary>What a reservation holds, and what each of its three ends leaves behind.</summary>
public class ReservationTests
{
    private static readonly AccountName Stake = AccountName.Stake(Samples.Address(1));
    private static readonly Transfer Deposit = new("d", AccountName.StakeAccounts, Stake, new(10), TransferKind.StakeDeposit, "tx", Samples.Monday);
    private static readonly Transfer Hold = new("h", Stake, AccountName.SlashPending, new(4), TransferKind.Slash, "s", Samples.Monday, TransferAction.Reserve);

    [Fact]
    public void Reserved_IsStillThere_AndNotAvailable()
    {
        var book = Held();
        book[Stake].ShouldBe(new AccountFigures(new(10), new(4)));
        book[Stake].Available.ShouldBe(new Nanotons(6));
        book.Apply(Hold with { Id = "h2", Amount = new(7) }).ShouldBe(TransferResult.InsufficientFunds);
        book.Apply(Hold with { Id = "h3", Amount = new(6) }).ShouldBe(TransferResult.Recorded);
    }

    [Theory]
    [InlineData(TransferAction.PostReserved, 6, 4)]
    [InlineData(TransferAction.VoidReserved, 10, 0)]
    [InlineData(TransferAction.ExpireReserved, 10, 0)]
    public void End_LeavesNothingReserved_AndMovesOnlyWhatIsPosted(TransferAction end, long left, long moved)
    {
        var book = Held();
        book.Apply(Hold.End(end, Samples.Monday)).ShouldBe(TransferResult.Recorded);
        book[Stake].ShouldBe(new AccountFigures(new(left), Nanotons.Zero));
        book[AccountName.SlashPending].ShouldBe(new AccountFigures(new(moved), Nanotons.Zero));
    }

    [Fact]
    public void End_OfAReservation_CannotComeTwice_InAnyForm()
    {
        TransferAction[] ends = [TransferAction.PostReserved, TransferAction.VoidReserved, TransferAction.ExpireReserved];
        foreach (var (first, second) in from first in ends from second in ends where first != second select (first, second))
        {
            var book = Held();
            book.Apply(Hold.End(first, Samples.Monday)).ShouldBe(TransferResult.Recorded);
            book.Apply(Hold.End(second, Samples.Monday)).ShouldBe(TransferResult.ReservationEnded);
        }
    }

    [Fact]
    public void List_WithALineThatIsRecordedAlready_TakesTheOthers()
    {
        var book = Held();
        book.ApplyAll([Deposit, Deposit with { Id = "d2" }], out var refused).ShouldBe([TransferResult.AlreadyRecorded, TransferResult.Recorded]);
        refused.ShouldBeNull();
        book[Stake].Balance.ShouldBe(new Nanotons(20));

        book.ApplyAll([Deposit, Deposit with { Id = "d3" }, Deposit with { Id = "d4", Amount = Nanotons.Zero }], out refused).ShouldBe([TransferResult.AlreadyRecorded, TransferResult.Recorded, TransferResult.AmountNotPositive]);
        refused!.Id.ShouldBe("d4");
        book[Stake].Balance.ShouldBe(new Nanotons(20));
        book.Apply(Deposit).ShouldBe(TransferResult.AlreadyRecorded, "what was recorded before the list stays recorded");
    }

    [Fact]
    public void Smaller_AndGreater_OfTwoAmounts()
    {
        Nanotons.Min(new(1), new(2)).ShouldBe(new Nanotons(1));
        Nanotons.Min(new(2), new(1)).ShouldBe(new Nanotons(1));
        Nanotons.Max(new(1), new(2)).ShouldBe(new Nanotons(2));
        Nanotons.Max(new(2), new(1)).ShouldBe(new Nanotons(2));
        (Nanotons.Zero.IsNegative, Nanotons.Zero.IsPositive, new Nanotons(-1).IsNegative, new Nanotons(1).IsPositive).ShouldBe((false, false, true, true));
    }

    private static LedgerBook Held()
    {
        var book = new LedgerBook();
        book.Apply(Deposit).ShouldBe(TransferResult.Recorded);
        book.Apply(Hold).ShouldBe(TransferResult.Recorded);
        return book;
    }
}
