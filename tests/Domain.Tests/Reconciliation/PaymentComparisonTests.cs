using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;

namespace CocoonPool.Domain.Tests.Reconciliation;

public class PaymentComparisonTests
{
    private static readonly SeenPayment Seen = new("aa", new(5), IsRead: true);
    private static readonly BookedPayment Booked = new("aa", new(5));

    [Fact]
    public void Payments_AreComparedByTransactionAndAmount()
    {
        PaymentComparison.Compare([Seen], [Booked]).ShouldBeEmpty();
        Kinds([Seen], []).ShouldBe([DifferenceKind.PaymentNotBooked]);
        Kinds([Seen with { IsRead = false }], []).ShouldBe([DifferenceKind.PaymentNotRead]);
        Kinds([Seen], [Booked with { Amount = new(4) }]).ShouldBe([DifferenceKind.PaymentDiffers]);
        Kinds([], [Booked]).ShouldBe([DifferenceKind.PaymentNotOnChain]);
    }

    [Fact]
    public void Contract_MayHoldMoreThanTheBooksSay_AndLessByWhatIsNotBookedYet()
    {
        Difference batch = new(DifferenceKind.MessageNotBooked, "", Message: 0, Found: new(2)), claim = new(DifferenceKind.ClaimNotBooked, "", Found: new(1));

        BalanceComparison.Compare(new(12), new(10), Nanotons.Zero, []).ShouldBeEmpty();
        BalanceComparison.Compare(new(7), new(10), Nanotons.Zero, [batch, claim]).ShouldBeEmpty();
        BalanceComparison.Compare(new(6), new(10), Nanotons.Zero, [batch, claim]).Single().Kind.ShouldBe(DifferenceKind.ContractShort);
        BalanceComparison.Compare(new(10), new(10), new(1), []).Single().Kind.ShouldBe(DifferenceKind.InFlightNotEmpty);
    }

    [Fact]
    public void Contract_IsShort_WhereWhatIsNotBookedYetPaidNobody()
    {
        Difference[] nothingPaid = [new(DifferenceKind.MessageNotBooked, "", Message: -1, Found: new(3)), new(DifferenceKind.PaymentNotRead, "", Found: new(3))];

        BalanceComparison.Compare(new(7), new(10), Nanotons.Zero, nothingPaid).Single().Kind.ShouldBe(DifferenceKind.ContractShort);
    }

    [Fact]
    public void Tallies_ThatArePublishedOtherwiseThanKept_AreNamed()
    {
        var (one, two) = (new ParticipantTally(Samples.Address(1), 1, 2, 3, 4, 5), new ParticipantTally(Samples.Address(2), 1, 2, 3, 4, 5));
        var nothing = new ParticipantTally(Samples.Address(3), 0, 0, 0, 0, 0);
        TallyComparison.Differing([one, two, nothing], [two, one]).ShouldBeEmpty();
        TallyComparison.Differing([one, two], [one, two with { Tasks = 4 }]).ShouldBe([two.Participant]);
        TallyComparison.Differing([one], [one, two]).ShouldBe([two.Participant]);
        TallyComparison.Differing([one, two], [two]).ShouldBe([one.Participant]);
    }

    [Fact]
    public void Proof_OfEachEntry_SaysWhereItIs()
    {
        var agreeing = Witnesses.Agreeing();
        States(agreeing).ShouldBe([EntryState.Paid, EntryState.Paid, EntryState.Paid, EntryState.InFlight, EntryState.Withheld, EntryState.Claimed, EntryState.Claimable]);
        States(agreeing with { Record = null }).ShouldAllBe(state => state == EntryState.NotPlanned);
        States(agreeing with { Chain = agreeing.Chain! with { Batches = [.. agreeing.Chain.Batches.Select(b => b with { ListHash = new byte[32] })] } })[0].ShouldBe(EntryState.InFlight, "another list proves nothing");
        States(agreeing with { Chain = agreeing.Chain! with { Forgotten = true } }).ShouldAllBe(state => state == EntryState.Paid || state == EntryState.Claimed);
        var changed = agreeing.Record! with { Entries = agreeing.Record.Entries.SetItem(0, agreeing.Record.Entries[0] with { Entry = Witnesses.Due[0] with { Amount = new(1) } }) };
        States(agreeing with { Record = changed })[0].ShouldBe(EntryState.NotPlanned, "it was planned with another amount");
        EntryProof.Of(agreeing).ElementAt(2).ShouldSatisfyAllConditions(p => p.Batch.ShouldBe(1), p => p.Transaction.ShouldBe("tx-1"));
    }

    private static ImmutableArray<EntryState> States(EpochWitnesses witnesses) => [.. EntryProof.Of(witnesses).Select(proof => proof.State)];

    private static IEnumerable<DifferenceKind> Kinds(SeenPayment[] seen, BookedPayment[] booked) => PaymentComparison.Compare(seen, booked).Select(difference => difference.Kind);
}
