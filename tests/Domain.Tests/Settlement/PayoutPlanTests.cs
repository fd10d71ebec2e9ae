using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Settlement;

public class PayoutPlanTests
{
    private static readonly EpochNumber Epoch = new(3);
    private static readonly DateTimeOffset Now = Samples.Monday;
    private static readonly TonAddress OwnContract = Samples.Address(9_999);
    private static readonly HashSet<TonAddress> Nobody = [];
    private static readonly HashSet<TonAddress> Unpayable = [OwnContract];

    /// <summary>Entries as the closing orders them: sent ones first.</summary>
    private static readonly Arbitrary<(Payable[] Entries, HashSet<TonAddress> Frozen)> Epochs = (
        from sent in Gen.Choose(0, 12)
        from claimed in Gen.Choose(0, 60)
        from frozen in Gen.Choose(0, 7).ArrayOf(sent + claimed)
        from own in Gen.Choose(0, 9).ArrayOf(sent + claimed)
        let entries = Enumerable.Range(0, sent + claimed)
            .Select(i => new Payable(i, Samples.Address(i), own[i] == 0 ? OwnContract : Samples.Address(i + 5000), new Nanotons(i + 1), i >= sent)).ToArray()
        select (entries, entries.Where(e => frozen[e.Index] == 0).Select(e => e.Participant).ToHashSet())).ToArbitrary();

    [Fact]
    public void Plan_OfAnyEpoch_LetsEachEntryOutInExactlyOneWay() => Prop.ForAll(Epochs, epoch =>
    {
        var plan = PayoutPlan.For(Epoch, [.. epoch.Entries], epoch.Frozen, Unpayable, 5);

        var sent = plan.Batches.SelectMany(b => b.Entries).ToList();
        sent.Concat(plan.Held.Select(h => h.Entry)).OrderBy(e => e.Index).ShouldBe(epoch.Entries);
        sent.ShouldAllBe(e => e.Index < plan.ClaimFrom && !e.ToClaim && !epoch.Frozen.Contains(e.Participant) && e.PayoutAddress != OwnContract);

        // What the contract lets be claimed, by the boundary or by a release, is what is not withheld.
        var released = plan.Releases.SelectMany(r => r.Entries).Select(e => e.Index).ToHashSet();
        foreach (var held in plan.Held)
        {
            var claimable = held.Entry.Index >= plan.ClaimFrom || released.Contains(held.Entry.Index);
            claimable.ShouldBe(held.State == HoldState.Releasing);
            (held.Message is null).ShouldBe(held.State == HoldState.Withheld);
        }

        // The contract counts sent and released entries against the boundary.
        (sent.Count + plan.Held.Count(h => h.Entry.Index < plan.ClaimFrom)).ShouldBe(plan.ClaimFrom);
        plan.Releases.ShouldAllBe(r => r.Entries.Length > 0 && r.Entries.Length <= PayoutPlan.MaxReleased && r.Entries.All(e => e.Index < plan.ClaimFrom));
        plan.Releases.Select(r => r.Message).ShouldBe(Enumerable.Range(0, plan.Releases.Length).Select(i => -2 - i));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Of(1000)));

    [Fact]
    public void Plan_WhereNobodyIsFrozen_NeedsNoRelease()
    {
        var entries = Enumerable.Range(0, 100).Select(i => new Payable(i, Samples.Address(i), Samples.Address(i), new(1), i >= 40)).ToImmutableArray();
        var plan = PayoutPlan.For(Epoch, entries, Nobody, Unpayable, 250);
        (plan.ClaimFrom, plan.Releases.Length, plan.Held.Length).ShouldBe((40, 0, 60));
        plan.Held.ShouldAllBe(h => h.Message == PayoutPlan.Opening);
    }

    [Fact]
    public void Entry_OutsideTheBasechain_IsWithheld()
    {
        var entry = new Payable(0, Samples.Address(1), new(-1, new byte[32]), new(1));
        PayoutPlan.Judge(entry, Nobody, Unpayable).ShouldBe(new(entry, HoldReason.Unpayable, HoldState.Withheld, null, "the address is outside the basechain"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(250)]
    public void Refusal_OfOneEntry_IsFoundInFewBatchesAndHoldsNoOther(int size)
    {
        for (var bad = 0; bad < size; bad += Math.Max(1, size / 7))
        {
            var entries = Enumerable.Range(0, size).Select(i => new Payable(i, Samples.Address(i), Samples.Address(i), new(1))).ToArray();
            var waiting = new Queue<PlannedBatch>(SettlementPlan.Cut(Epoch, entries, 0));
            var (paid, held, next) = (new List<int>(), new List<HeldPayout>(), 1);
            while (waiting.TryDequeue(out var batch))
            {
                if (batch.Entries.All(e => e.Index != bad))
                {
                    paid.AddRange(batch.Entries.Select(e => e.Index));
                    continue;
                }
                var regrouping = BatchRegrouping.AfterRefusal(batch, next, -2, "refused");
                regrouping.Batches.Select(b => b.Index).ShouldBe(Enumerable.Range(next, regrouping.Batches.Length), "a number is never used twice");
                next += regrouping.Batches.Length;
                regrouping.Batches.ToList().ForEach(waiting.Enqueue);
                held.AddRange(regrouping.Held);
            }

            held.ShouldHaveSingleItem().ShouldBe(new(entries[bad], HoldReason.RefusedByContract, HoldState.Releasing, -2, "refused"));
            paid.Order().ShouldBe(Enumerable.Range(0, size).Where(i => i != bad));
            next.ShouldBeLessThanOrEqualTo(1 + (2 * (int)Math.Ceiling(Math.Log2(Math.Max(size, 2)))));
        }
    }

    [Fact]
    public void Books_OfABatchThatIsMadeAnew_ReserveEveryEntryOnceAndPostEachOnce()
    {
        var entries = Enumerable.Range(0, 5).Select(i => new Payable(i, Samples.Address(i), Samples.Address(i), new(100))).ToArray();
        var book = new LedgerBook();
        foreach (var entry in entries)
            Record(book, [new($"earned/{entry.Index}", AccountName.Distribution, AccountName.Rewards(entry.Participant), entry.Amount, TransferKind.EpochShare, "", Now)]);
        var batch = SettlementPlan.Cut(Epoch, entries, 0).Single();
        Record(book, SettlementTransfers.Reservations([batch], Now));

        var regrouping = BatchRegrouping.TakeAside(batch, e => e.Index == 2 ? new(e, HoldReason.PayoutsFrozen, HoldState.Withheld, null, "") : null, 7)!;
        Record(book, SettlementTransfers.Regroup(regrouping, Now));
        entries.ShouldAllBe(e => book[AccountName.Rewards(e.Participant)] == new AccountFigures(e.Amount, e.Amount));

        var anew = regrouping.Batches.ShouldHaveSingleItem();
        (anew.Index, anew.Entries.Length).ShouldBe((7, 4));
        Record(book, SettlementTransfers.Confirmation(Epoch, 7, anew.Entries, "hash", Nanotons.Zero, Now, Now));
        Record(book, SettlementTransfers.Claimed(Epoch, regrouping.Held.Single(), "claim", Now));
        book.Accounts.Values.ShouldAllBe(figures => figures == new AccountFigures(Nanotons.Zero, Nanotons.Zero));
        SettlementTransfers.Claimed(Epoch, regrouping.Held.Single(), "claim", Now).ShouldAllBe(line => book.Apply(line) == TransferResult.AlreadyRecorded);
        book.Apply(SettlementTransfers.Confirmation(Epoch, 0, batch.Entries, "hash", Nanotons.Zero, Now, Now)[0]).ShouldBe(TransferResult.ReservationEnded, "the batch that was given up");
    }

    [Fact]
    public void TakeAside_OfNobody_LeavesTheBatchAsItIs() =>
        BatchRegrouping.TakeAside(SettlementPlan.Cut(Epoch, [new(0, Samples.Address(1), Samples.Address(1), new(1))], 0).Single(), _ => null, 1).ShouldBeNull();

    private static void Record(LedgerBook book, IEnumerable<Transfer> lines)
    {
        foreach (var line in lines)
            book.Apply(line).ShouldBe(TransferResult.Recorded, line.Id);
    }
}
