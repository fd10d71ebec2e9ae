using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Domain.Tests.Verification;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Settlement;

/// <summary>An epoch's way through the books, from revenue to paid, with the very rules that the ledger applies.</summary>
public class SettlementBooksTests
{
    private static readonly DateTimeOffset Now = Samples.Monday.AddDays(8);

    [Fact]
    public void EveryGeneratedEpoch_LeavesNothingOfItsRevenueAndPaysEachPayableOnce() =>
        Prop.ForAll(GeneratedEpochs.Arbitrary, close =>
        {
            var result = EpochFinalization.Finalize(close);
            var book = Opened(close);
            Record(book, EpochTransfers.For(close, result));

            book[AccountName.Revenue(close.Number)].Balance.ShouldBe(Nanotons.Zero);
            book[AccountName.Revenue(close.Number.Next)].Balance.ShouldBe(result.CarriedOver);
            book[AccountName.OperatorFees].Balance.ShouldBe(result.Fee);

            var plan = SettlementPlan.Cut(close.Number, result.Payables, 0, 3);
            Record(book, SettlementTransfers.Reservations(plan, Now));
            foreach (var batch in plan)
                Record(book, SettlementTransfers.Confirmation(batch.Epoch, batch.Index, batch.Entries, "hash", new(7), Now, Now.AddMinutes(1)));

            foreach (var participant in result.Participants)
            {
                var owed = participant.Entrant.CarriedIn + participant.Share + participant.ReferralBonus - participant.Payable;
                book[AccountName.Rewards(participant.Entrant.Tally.Participant)].ShouldBe(new AccountFigures(owed, Nanotons.Zero));
            }

            book[AccountName.InFlight].Balance.ShouldBe(Nanotons.Zero);
            Solvency.FromBooks(book.Accounts).Solvent.ShouldBeTrue();
            Solvency.FromBooks(book.Accounts).Assets.ShouldBe(Solvency.FromBooks(book.Accounts).Liabilities);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Of(2000)).WithEndSize(50));

    [Fact]
    public void EveryLine_Repeated_ChangesNothing()
    {
        var close = Samples.Rich();
        var result = EpochFinalization.Finalize(close);
        var book = Opened(close);
        var plan = SettlementPlan.Cut(close.Number, result.Payables, 0, 2);
        Transfer[] lines = [.. EpochTransfers.For(close, result), .. SettlementTransfers.Reservations(plan, Now), .. plan.SelectMany(Confirm)];

        Record(book, lines);
        var before = book.Accounts.ToDictionary();
        foreach (var line in lines)
            book.Apply(line with { At = Now.AddDays(1) }).ShouldBe(TransferResult.AlreadyRecorded, line.Id);
        book.Accounts.ToDictionary().ShouldBe(before);
    }

    [Fact]
    public void Reservation_KeepsTheMoneyFromBeingReservedAgain()
    {
        var close = Samples.Rich();
        var result = EpochFinalization.Finalize(close);
        var book = Opened(close);
        Record(book, EpochTransfers.For(close, result));
        Record(book, SettlementTransfers.Reservations(SettlementPlan.Cut(close.Number, result.Payables, 0), Now));

        SettlementTransfers.Reservations(SettlementPlan.Cut(close.Number.Next, result.Payables, 0), Now)
            .ShouldAllBe(line => book.Apply(line) == TransferResult.InsufficientFunds);
    }

    [Fact]
    public void NetworkFee_OfNothing_IsNoLine()
    {
        var payables = EpochFinalization.Finalize(Samples.Rich()).Payables;
        SettlementTransfers.Confirmation(new(7), 0, payables, "hash", Nanotons.Zero, Now, Now).ShouldNotContain(line => line.Kind == TransferKind.NetworkFee);
        SettlementTransfers.Confirmation(new(7), 0, [], "hash", Nanotons.Zero, Now, Now).ShouldBeEmpty();
    }

    private static IReadOnlyList<Transfer> Confirm(PlannedBatch batch) =>
        SettlementTransfers.Confirmation(batch.Epoch, batch.Index, batch.Entries, $"hash {batch.Index}", new(7), Now, Now.AddMinutes(1));

    /// <summary>The books before the close: the epoch's revenue, and what participants carry in, all of it in the contract.</summary>
    private static LedgerBook Opened(EpochClose close)
    {
        var book = new LedgerBook();
        foreach (var line in close.Revenue)
            Record(book, [new(line.TransferId, AccountName.Distribution, AccountName.Revenue(close.Number), line.Amount, TransferKind.Revenue, line.Kind, close.Start)]);
        foreach (var entrant in close.Entrants.Where(entrant => entrant.CarriedIn.IsPositive))
        {
            var who = entrant.Tally.Participant;
            Record(book, [new($"carried/{who}", AccountName.Distribution, AccountName.Rewards(who), entrant.CarriedIn, TransferKind.EpochShare, "", close.Start)]);
        }

        return book;
    }

    private static void Record(LedgerBook book, IEnumerable<Transfer> lines)
    {
        foreach (var line in lines)
            book.Apply(line).ShouldBe(TransferResult.Recorded, line.Id);
    }
}
