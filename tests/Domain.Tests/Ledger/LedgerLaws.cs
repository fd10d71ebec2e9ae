using CocoonPool.Domain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Ledger;

/// <summary>What holds for every history of transfers, refused ones among them. A failure prints its seed and the smallest history.</summary>
public class LedgerLaws
{
    private static readonly AccountName[] Accounts =
    [
        AccountName.Distribution, AccountName.HotWallet, AccountName.NetworkFees, AccountName.InFlight, AccountName.OperatorFees,
        AccountName.Revenue(new(1)), AccountName.Rewards(Samples.Address(1)), AccountName.Stake(Samples.Address(1)),
    ];

    [Fact]
    public void Books_StayBalancedAndNoAccountGoesBelowWhatItMay() => Hold(history =>
    {
        var book = new LedgerBook();
        foreach (var transfer in history)
        {
            book.Apply(transfer);
            var debits = Accounts.Where(account => account.Side == AccountSide.Debit).Sum(account => book[account].Balance.Value);
            var credits = Accounts.Where(account => account.Side == AccountSide.Credit).Sum(account => book[account].Balance.Value);
            debits.ShouldBe(credits);
            foreach (var account in Accounts.Where(account => !account.MayBeNegative))
            {
                book[account].Reserved.Value.ShouldBeGreaterThanOrEqualTo(0);
                book[account].Available.Value.ShouldBeGreaterThanOrEqualTo(0, $"{account} after {transfer.Id}");
            }
        }
    });

    [Fact]
    public void Transfer_ThatIsRefused_ChangesNothing() => Hold(history =>
    {
        var book = new LedgerBook();
        foreach (var transfer in history)
        {
            var before = Accounts.Select(account => book[account]).ToArray();
            if (book.Apply(transfer) != TransferResult.Recorded)
                Accounts.Select(account => book[account]).ShouldBe(before);
        }
    });

    [Fact]
    public void Transfer_Repeated_IsAnsweredTheSameAndChangesNothing() => Hold(history =>
    {
        var book = new LedgerBook();
        foreach (var transfer in history)
        {
            if (book.Apply(transfer) != TransferResult.Recorded)
                continue;
            var before = Accounts.Select(account => book[account]).ToArray();
            book.Apply(transfer with { At = transfer.At.AddHours(1) }).ShouldBe(TransferResult.AlreadyRecorded);
            book.Apply(transfer with { Amount = transfer.Amount + new Nanotons(1) }).ShouldBe(TransferResult.IdConflict);
            Accounts.Select(account => book[account]).ShouldBe(before);
        }
    });

    [Fact]
    public void Reservation_IsEndedOnce() => Hold(history =>
    {
        var book = new LedgerBook();
        var recorded = history.Where(transfer => book.Apply(transfer) == TransferResult.Recorded).ToArray();
        recorded.Where(transfer => transfer.Reservation is not null).GroupBy(transfer => transfer.Reservation).ShouldAllBe(ends => ends.Count() == 1);
    });

    [Fact]
    public void History_AsRecorded_IsProvenByItsChainAndByNoOther() => Hold(history =>
    {
        var book = new LedgerBook();
        var lines = Chain(history.Where(transfer => book.Apply(transfer) == TransferResult.Recorded));
        var audit = new LedgerAudit();
        foreach (var line in lines)
            audit.Next(line);
        audit.Compare(book.Accounts);
        audit.FirstProblem.ShouldBeNull();

        for (var i = 0; i < lines.Length; i++)
        {
            var changed = lines[i] with { Transfer = lines[i].Transfer with { Amount = lines[i].Transfer.Amount + new Nanotons(1) } };
            FirstProblem([.. lines[..i], changed, .. lines[(i + 1)..]]).ShouldNotBeNull().ShouldContain("was changed");
            if (i + 1 < lines.Length)
                FirstProblem([.. lines[..i], .. lines[(i + 1)..]]).ShouldNotBeNull().ShouldContain("is missing");
        }
    });

    [Fact]
    public void List_ThatIsRefused_LeavesTheBooksAsIfItHadNotBeenThere() => Hold(history =>
    {
        var (book, careful) = (new LedgerBook(), new LedgerBook());
        foreach (var list in history.Chunk(3))
        {
            var results = book.ApplyAll(list, out var refused);
            if (refused is null)
                results.ShouldBe([.. list.Select(careful.Apply)]);
            else
                (refused, results.Count).ShouldBe((list[results.Count - 1], results.Count));
            Accounts.Select(account => book[account]).ShouldBe(Accounts.Select(account => careful[account]));
        }

        // Neither the ids nor the reservations of a refused list are taken.
        foreach (var transfer in history)
            book.Apply(transfer).ShouldBe(careful.Apply(transfer));
    });

    [Fact]
    public void Audit_OfAReservationThatIsEndedTwice_FindsIt()
    {
        var money = new Transfer("in", AccountName.Distribution, AccountName.Revenue(new(1)), new(10), TransferKind.Revenue, "reference", Samples.Monday);
        var held = new Transfer("held", AccountName.Revenue(new(1)), AccountName.OperatorFees, new(4), TransferKind.EpochFee, "reference", Samples.Monday, TransferAction.Reserve);
        var end = held.End(TransferAction.PostReserved, Samples.Monday);

        FirstProblem(Chain([money, held, end])).ShouldBeNull();
        FirstProblem(Chain([money, held, end, held.End(TransferAction.VoidReserved, Samples.Monday)])).ShouldNotBeNull().ShouldContain(nameof(TransferResult.ReservationNotFound));
    }

    private static string? FirstProblem(ChainedTransfer[] lines)
    {
        var audit = new LedgerAudit();
        foreach (var line in lines)
            audit.Next(line);
        return audit.FirstProblem;
    }

    private static ChainedTransfer[] Chain(IEnumerable<Transfer> transfers)
    {
        var lines = new List<ChainedTransfer>();
        foreach (var transfer in transfers)
        {
            var previous = lines.Count == 0 ? LedgerChain.Genesis : lines[^1].Hash;
            lines.Add(new(lines.Count + 1, transfer, previous, LedgerChain.Hash(previous, lines.Count + 1, transfer)));
        }

        return [.. lines];
    }

    private static void Hold(Action<Transfer[]> law) =>
        Prop.ForAll(Histories().ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));

    /// <summary>Few accounts, ids and amounts, so that conflicts, shortages and repeated endings happen often.</summary>
    private static Gen<Transfer[]> Histories()
    {
        var line =
            from id in Gen.Choose(1, 12)
            from debit in Gen.Elements(Accounts)
            from credit in Gen.Elements(Accounts)
            from amount in Gen.Choose(-1, 6)
            from action in Gen.Elements(TransferAction.Post, TransferAction.Post, TransferAction.Reserve)
            select new Transfer($"t{id}", debit, credit, new Nanotons(amount), TransferKind.Revenue, "reference", Samples.Monday, action);
        var ends = Gen.Choose(0, 4).Select(choice => choice switch
        {
            0 => TransferAction.PostReserved,
            1 => TransferAction.VoidReserved,
            2 => TransferAction.ExpireReserved,
            _ => TransferAction.Post,
        });
        var step = from transfer in line
                   from end in ends
                   select end == TransferAction.Post ? new[] { transfer } : [transfer, transfer.End(end, Samples.Monday), transfer.End(TransferAction.VoidReserved, Samples.Monday)];
        return from count in Gen.Choose(1, 12) from steps in step.ArrayOf(count) select steps.SelectMany(one => one).ToArray();
    }
}
