using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Tests.Reconciliation;

/// <summary>An epoch of seven entries: two batches paid, one on its way, one entry claimed, one claimable, one withheld. Everybody says the same.</summary>
internal static class Witnesses
{
    public static readonly EpochNumber Epoch = new(7);
    private static readonly DateTimeOffset Then = Samples.Monday;

    public static ImmutableArray<Payable> Due { get; } =
        [.. Enumerable.Range(0, 7).Select(i => new Payable(i, Samples.Address(i + 1), Samples.Address(i + 101), new(1_000_000_000 + i), i >= 5))];

    public static EpochWitnesses Agreeing()
    {
        var root = PlanComparison.RootOf(Epoch, Due);
        RecordedMessage[] messages =
        [
            new(-1, RecordedPhase.Done, new byte[32], Nanotons.Zero, "opening", new(610_000)),
            Batch(0, RecordedPhase.Done, "tx-0", 0, 1), Batch(1, RecordedPhase.Done, "tx-1", 2), Batch(2, RecordedPhase.GivenUp, null, 3, 4), Batch(3, RecordedPhase.Waiting, null, 3),
        ];
        RecordedEntry[] entries =
        [
            Sent(0, 0), Sent(1, 0), Sent(2, 1), Sent(3, 3),
            new(Due[4], null, HoldState.Withheld, HoldReason.PayoutsFrozen, null),
            new(Due[5], -1, HoldState.Claimed, HoldReason.ClaimSchedule, "claim-5"),
            new(Due[6], -1, HoldState.Claimable, HoldReason.ClaimSchedule, null),
        ];
        var record = new SettlementRecord(Nanotons.Sum(Due.Select(d => d.Amount)), new(5), 5, root, new byte[32], [.. messages], [.. entries]);
        var chain = new EpochSeen(
            true, false, record.Total, record.Fee, 5, root, new byte[32],
            [new(0, messages[1].ListHash, "tx-0", new(225_000)), new(1, messages[2].ListHash, "tx-1", new(225_000))], [], [new(5, "claim-5")]);
        return new(Epoch, Due, root, record, Lines(messages, entries), chain);
    }

    private static RecordedEntry Sent(int index, int batch) => new(Due[index], batch, null, null, null);

    private static RecordedMessage Batch(int index, RecordedPhase phase, string? transaction, params int[] entries) => new(
        index, phase, PayoutList.Hash([.. entries.Select(i => new Payout(Due[i].PayoutAddress, Due[i].Amount))]), Nanotons.Sum(entries.Select(i => Due[i].Amount)), transaction,
        phase == RecordedPhase.Done ? new(225_000) : Nanotons.Zero);

    /// <summary>As the protocol wrote them, one step after the other.</summary>
    private static List<Transfer> Lines(RecordedMessage[] messages, RecordedEntry[] entries)
    {
        PlannedBatch Planned(int index, params int[] of) => new(Epoch, index, [.. of.Select(i => Due[i])], [], Nanotons.Sum(of.Select(i => Due[i].Amount)));
        var held = entries.Where(e => e.Held is not null).Select(e => new HeldPayout(e.Entry, e.Reason!.Value, e.Held!.Value, e.Message, "")).ToList();
        var givenUp = Planned(2, 3, 4);
        return
        [
            .. SettlementTransfers.Reservations([Planned(0, 0, 1), Planned(1, 2), givenUp], Then),
            .. SettlementTransfers.Holds(Epoch, held.Skip(1), Then),
            .. SettlementTransfers.Regroup(new(givenUp, [Planned(3, 3)], [held[0]], []), Then),
            .. SettlementTransfers.Confirmation(Epoch, -1, [], "opening", new(610_000), Then, Then),
            .. SettlementTransfers.Confirmation(Epoch, 0, [Due[0], Due[1]], "tx-0", messages[1].NetworkFee, Then, Then),
            .. SettlementTransfers.Confirmation(Epoch, 1, [Due[2]], "tx-1", messages[2].NetworkFee, Then, Then),
            .. SettlementTransfers.Claimed(Epoch, held[1], "claim-5", Then),
        ];
    }
}
