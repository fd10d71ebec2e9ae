using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Tests.Reconciliation;

/// <summary>One thing is changed in one witness, and exactly that is said.</summary>
public class EpochComparisonTests
{
    private static readonly EpochWitnesses Agreeing = Witnesses.Agreeing();

    private static SettlementRecord Record => Agreeing.Record!;

    private static EpochSeen Chain => Agreeing.Chain!;

    [Fact]
    public void WitnessesThatAgree_HaveNoDifference() => EpochComparison.Compare(Agreeing).ShouldBeEmpty();

    [Fact]
    public void EpochThatIsNotPlanned_HasNoDifference_UnlessSomebodyOpenedIt()
    {
        var unplanned = Agreeing with { Record = null, Lines = [], Chain = Chain with { Opened = false } };
        EpochComparison.Compare(unplanned).ShouldBeEmpty();
        Only(unplanned with { Chain = Chain }, DifferenceKind.ContentDiffers);
    }

    [Fact]
    public void EntryThatTheSettlementDoesNotHave_IsNamedWithItsParticipant()
    {
        var found = EpochComparison.Compare(Agreeing with { Record = Record with { Entries = Record.Entries.RemoveAt(6) } });
        found.Single(d => d.Kind == DifferenceKind.EntryNotPlanned).Participant.ShouldBe(Witnesses.Due[6].Participant);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void AmountThatIsNotTheShare_IsNamed(long nano)
    {
        var entry = Record.Entries[3];
        var changed = entry with { Entry = entry.Entry with { Amount = entry.Entry.Amount + new Nanotons(nano) } };
        var found = EpochComparison.Compare(Agreeing with { Record = Record with { Entries = Record.Entries.SetItem(3, changed) } });
        found.Select(d => d.Kind).ShouldBe([DifferenceKind.EntryDiffers, DifferenceKind.ListDiffers, DifferenceKind.LineDiffers], ignoreOrder: true);
        found.ShouldAllBe(d => d.Message == 3);
    }

    [Fact]
    public void EntryThatNobodyOwes_IsNamed() =>
        EpochComparison.Compare(Agreeing with { Due = Agreeing.Due.RemoveAt(6) }).Select(d => d.Kind).ShouldBe([DifferenceKind.EntryNotDue, DifferenceKind.RootDiffers, DifferenceKind.RootDiffers], ignoreOrder: true);

    [Fact]
    public void PublishedRootThatTheEntriesDoNotHave_IsNamed() => Only(Agreeing with { MerkleRoot = new byte[32] }, DifferenceKind.RootDiffers);

    [Fact]
    public void EachLineOfTheBooksThatIsMissing_IsNamed()
    {
        // The reservations of a batch that was given up are explained by their voids, and are not missed with them.
        foreach (var line in Agreeing.Lines.Where(l => !l.Id.StartsWith("settlement/7/2/", StringComparison.Ordinal)))
            Only(Agreeing with { Lines = [.. Agreeing.Lines.Where(l => l != line)] }, DifferenceKind.LineMissing).Subject.ShouldBe(line.Id);
    }

    [Fact]
    public void EachLineOfTheBooksWithAnotherAmount_IsNamed()
    {
        foreach (var line in Agreeing.Lines.Where(l => !l.Id.StartsWith("settlement/7/2/", StringComparison.Ordinal)))
        {
            var found = Only(Agreeing with { Lines = [.. Agreeing.Lines.Select(l => l == line ? l with { Amount = l.Amount + new Nanotons(1) } : l)] }, DifferenceKind.LineDiffers);
            (found.Subject, found.Expected, found.Found).ShouldBe((line.Id, line.Amount, line.Amount + new Nanotons(1)));
        }
    }

    [Fact]
    public void LineThatNothingExplains_IsNamed()
    {
        var extra = Agreeing.Lines[0] with { Id = "settlement/7/9/extra" };
        Only(Agreeing with { Lines = [.. Agreeing.Lines, extra] }, DifferenceKind.LineUnexplained).Subject.ShouldBe(extra.Id);
    }

    [Fact]
    public void ReservationOfAGivenUpBatchThatStillStands_IsNamed() => EpochComparison.Compare(Agreeing with { Lines = [.. Agreeing.Lines.Where(l => l.Action != TransferAction.VoidReserved)] })
        .Select(d => d.Kind).ShouldBe([DifferenceKind.LineUnexplained, DifferenceKind.LineUnexplained]);

    [Fact]
    public void BatchThatIsBookedAndNotOnChain_IsNamed() => Only(Seen(Chain with { Batches = Chain.Batches.RemoveAt(1) }), DifferenceKind.MessageNotOnChain).Message.ShouldBe(1);

    [Fact]
    public void BatchThatIsOnChainAndNotBooked_PassesByItself()
    {
        var found = Only(Seen(Chain with { Batches = Chain.Batches.Add(new(3, Record.Messages.Single(m => m.Index == 3).ListHash, "tx-3", null)) }), DifferenceKind.MessageNotBooked);
        (found.Message, found.IsPassing).ShouldBe((3, true));
    }

    [Fact]
    public void BatchWithAnotherList_IsNamed() => Only(Seen(Chain with { Batches = Chain.Batches.SetItem(0, Chain.Batches[0] with { ListHash = new byte[32] }) }), DifferenceKind.ContentDiffers);

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void BatchThatWasGivenUpOrNeverPlanned_IsNamed(int batch) =>
        Only(Seen(Chain with { Batches = Chain.Batches.Add(new(batch, new byte[32], "tx", null)) }), DifferenceKind.BatchUnknown).Message.ShouldBe(batch);

    [Fact]
    public void TransactionAndFeeThatAreNotTheBookedOnes_AreNamed()
    {
        Only(Seen(Chain with { Batches = Chain.Batches.SetItem(0, Chain.Batches[0] with { Transaction = "other" }) }), DifferenceKind.TransactionDiffers);
        Only(Seen(Chain with { Batches = Chain.Batches.SetItem(0, Chain.Batches[0] with { NetworkFee = new(1) }) }), DifferenceKind.NetworkFeeDiffers);
        EpochComparison.Compare(Seen(Chain with { Batches = Chain.Batches.SetItem(0, Chain.Batches[0] with { Transaction = null, NetworkFee = null }) })).ShouldBeEmpty("it is found a moment later");
    }

    [Fact]
    public void OpeningThatDiffers_IsNamed()
    {
        Only(Seen(Chain with { Fee = new(6) }), DifferenceKind.ContentDiffers);
        EpochComparison.Compare(Seen(Chain with { Opened = false, Batches = [], Claims = [] })).Select(d => d.Kind)
            .ShouldBe([DifferenceKind.MessageNotOnChain, DifferenceKind.MessageNotOnChain, DifferenceKind.MessageNotOnChain, DifferenceKind.ClaimNotOnChain]);
    }

    [Fact]
    public void ClaimsThatDiffer_AreNamed()
    {
        Only(Seen(Chain with { Claims = [] }), DifferenceKind.ClaimNotOnChain).Participant.ShouldBe(Witnesses.Due[5].Participant);
        Only(Seen(Chain with { Claims = Chain.Claims.Add(new(6, "claim-6")) }), DifferenceKind.ClaimNotBooked).IsPassing.ShouldBeTrue();
        Only(Seen(Chain with { Claims = Chain.Claims.Add(new(1, "claim-1")) }), DifferenceKind.BatchUnknown).Participant.ShouldBe(Witnesses.Due[1].Participant);
        Only(Seen(Chain with { Claims = Chain.Claims.Add(new(70, "claim-70")) }), DifferenceKind.BatchUnknown);
    }

    [Fact]
    public void ReleaseThatIsBookedAndNotOnChain_IsNamed()
    {
        var released = Record.Entries[6] with { Message = -2 };
        var record = Record with { Entries = Record.Entries.SetItem(6, released), Messages = Record.Messages.Add(new(-2, RecordedPhase.Done, new byte[32], Nanotons.Zero, "release", Nanotons.Zero)) };
        Only(Agreeing with { Record = record }, DifferenceKind.MessageNotOnChain).Participant.ShouldBe(Witnesses.Due[6].Participant);
        EpochComparison.Compare(Agreeing with { Record = record, Chain = Chain with { Released = [6] } }).ShouldBeEmpty();
    }

    [Fact]
    public void ForgottenEpoch_IsComparedWithTheBooksOnly() =>
        EpochComparison.Compare(Seen(Chain with { Forgotten = true, Opened = false, Batches = [], Claims = [] })).ShouldBeEmpty();

    [Fact]
    public void EveryKindOfDifference_SaysWhatToDo()
    {
        foreach (var kind in Enum.GetValues<DifferenceKind>())
            Remedies.For(kind).ShouldEndWith(".");
        Should.Throw<ArgumentOutOfRangeException>(() => Remedies.For((DifferenceKind)(-1)));
    }

    private static EpochWitnesses Seen(EpochSeen chain) => Agreeing with { Chain = chain };

    private static Difference Only(EpochWitnesses witnesses, DifferenceKind kind)
    {
        var found = EpochComparison.Compare(witnesses);
        found.Select(d => d.Kind).ShouldBe([kind], string.Join("; ", found.Select(d => d.Text)));
        return found[0];
    }
}
