using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Tests.Ledger;

/// <summary>The edges of the ledger's rules that random histories meet too seldom.</summary>
public class LedgerEdgeTests
{
    private static readonly AccountName Stake = AccountName.Stake(Samples.Address(1));
    private static readonly Transfer Deposit = new("d", AccountName.StakeAccounts, Stake, new(10), TransferKind.StakeDeposit, "tx", Samples.Monday);
    private static readonly Transfer Hold = new("h", Stake, AccountName.SlashPending, new(4), TransferKind.Slash, "s", Samples.Monday, TransferAction.Reserve);

    [Theory]
    [InlineData(0, TransferResult.IdInvalid)]
    [InlineData(1, TransferResult.Recorded)]
    [InlineData(200, TransferResult.Recorded)]
    [InlineData(201, TransferResult.IdInvalid)]
    public void Id_Has1To200Characters(int length, TransferResult result) => new LedgerBook().Apply(Deposit with { Id = new string('x', length) }).ShouldBe(result);

    [Fact]
    public void End_OfAReservation_HasToFitItInEveryPart()
    {
        var end = Hold.End(TransferAction.PostReserved, Samples.Monday);
        Held().Apply(end).ShouldBe(TransferResult.Recorded);
        Held().Apply(end with { Debit = AccountName.Treasury }).ShouldBe(TransferResult.ReservationMismatch);
        Held().Apply(end with { Credit = AccountName.Treasury }).ShouldBe(TransferResult.ReservationMismatch);
        Held().Apply(end with { Amount = new(3) }).ShouldBe(TransferResult.ReservationMismatch);
        Held().Apply(end with { Reservation = "d" }).ShouldBe(TransferResult.ReservationNotFound);
        Held().Apply(end with { Reservation = null }).ShouldBe(TransferResult.ReservationNotFound);
    }

    [Fact]
    public void End_ThatTheAccountCannotCover_KeepsTheReservation()
    {
        // Figures as a damaged store might hold them: reserved, but not there.
        var book = new LedgerBook();
        book.Load(Hold);
        book.Load(Stake, new(new(3), new(4)));
        book.Apply(Hold.End(TransferAction.PostReserved, Samples.Monday)).ShouldBe(TransferResult.InsufficientFunds);
        book[Stake].ShouldBe(new AccountFigures(new(3), new(4)));
    }

    [Fact]
    public void Hash_CoversTheOneBefore_AndEveryField()
    {
        var hash = LedgerChain.Hash(LedgerChain.Genesis, 1, Hold);
        var other = LedgerChain.Genesis;
        other[0] = 1;
        byte[][] others =
        [
            LedgerChain.Hash(other, 1, Hold), LedgerChain.Hash(LedgerChain.Genesis, 2, Hold), LedgerChain.Hash(LedgerChain.Genesis, 1, Hold with { Reference = "t" }),
            LedgerChain.Hash(LedgerChain.Genesis, 1, Hold with { Kind = TransferKind.Payout }), LedgerChain.Hash(LedgerChain.Genesis, 1, Hold with { At = Hold.At.AddMilliseconds(1) }),
        ];
        others.Select(Convert.ToHexString).ShouldNotContain(Convert.ToHexString(hash));
        Should.Throw<ArgumentException>(() => LedgerChain.Hash(LedgerChain.Genesis, 1, Hold with { Id = "a\nb" }));
        Should.Throw<ArgumentException>(() => LedgerChain.Hash(LedgerChain.Genesis, 1, Hold with { Reference = "a\nb" }));
    }

    [Fact]
    public void Audit_NamesTheFirstProblem_AndKeepsIt()
    {
        var audit = new LedgerAudit();
        audit.Compare(new Dictionary<AccountName, AccountFigures> { [Stake] = new(new(1), default), [AccountName.Burned] = new(new(1), default) });
        audit.FirstProblem.ShouldBe("Account burned holds 1 (reserved 0) and its transfers make 0 (reserved 0).");
        audit.Compare(new Dictionary<AccountName, AccountFigures> { [AccountName.Treasury] = new(new(2), default) });
        audit.FirstProblem.ShouldStartWith("Account burned");

        var gap = new LedgerAudit();
        gap.Next(new(2, Deposit, LedgerChain.Genesis, LedgerChain.Hash(LedgerChain.Genesis, 2, Deposit)));
        gap.FirstProblem.ShouldBe("Transfer 1 is missing: 2 follows 0.");

        var stored = new LedgerAudit();
        stored.Next(new(1, Deposit, LedgerChain.Genesis, LedgerChain.Hash(LedgerChain.Genesis, 1, Deposit)));
        stored.Compare(new Dictionary<AccountName, AccountFigures>());
        stored.FirstProblem.ShouldNotBeNull().ShouldContain("chain:stake holds 0");
    }

    [Fact]
    public void Solvency_ComparesAssetsWithWhatIsOwed()
    {
        var book = Held();
        book.Apply(new("f", AccountName.NetworkFees, AccountName.HotWallet, new(1), TransferKind.NetworkFee, "tx", Samples.Monday));
        book.Apply(new("b", Stake, AccountName.Burned, new(2), TransferKind.SlashBurned, "s", Samples.Monday));
        Solvency.FromBooks(book.Accounts).ShouldBe(new Solvency(new(10), Nanotons.Zero, new(8)));
        new Solvency(new(10), default, new(8)).RatioPpm.ShouldBe(1_250_000);
        new Solvency(new(10), default, Nanotons.Zero).RatioPpm.ShouldBe(1_000_000);
        new Solvency(new(8), default, new(8)).Solvent.ShouldBeTrue();
        new Solvency(new(7), default, new(8)).Solvent.ShouldBeFalse();

        var rewards = AccountName.Rewards(Samples.Address(1));
        var paying = new Dictionary<AccountName, AccountFigures> { [AccountName.InFlight] = new(new(3), default), [rewards] = new(new(9), new(5)) };
        Solvency.FromBooks(paying).InFlight.ShouldBe(new Nanotons(8));
    }

    [Fact]
    public void Nanotons_AtTheirEdges()
    {
        (new Nanotons(1) <= new Nanotons(1)).ShouldBeTrue();
        (new Nanotons(1) >= new Nanotons(1)).ShouldBeTrue();
        (new Nanotons(1) < new Nanotons(1)).ShouldBeFalse();
        (new Nanotons(1) > new Nanotons(1)).ShouldBeFalse();
        Should.Throw<OverflowException>(() => new Nanotons(long.MaxValue).MultiplyFloor(2, 1));
        Nanotons.TryParseTon("9000000000", out var most).ShouldBeTrue();
        most.ShouldBe(Nanotons.FromTon(9_000_000_000));
        Nanotons.TryParseTon("-9000000000", out _).ShouldBeTrue();
        Nanotons.TryParseTon("9000000000.000000001", out _).ShouldBeFalse();
        Nanotons.TryParseTon("-9000000000.000000001", out _).ShouldBeFalse();
    }

    private static LedgerBook Held()
    {
        var book = new LedgerBook();
        book.Apply(Deposit).ShouldBe(TransferResult.Recorded);
        book.Apply(Hold).ShouldBe(TransferResult.Recorded);
        return book;
    }
}
