using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>A settlement's records ↔ the lines of the books: each line that a record asks for is there once, and there is no other.</summary>
public static class BooksComparison
{
    /// <summary>Lines have times of their own, which no record knows; they are not compared.</summary>
    private static readonly DateTimeOffset AnyTime = DateTimeOffset.UnixEpoch;

    public static IEnumerable<Difference> Compare(EpochWitnesses witnesses)
    {
        var (epoch, lines) = (witnesses.Epoch, witnesses.Lines.ToDictionary(line => line.Id, StringComparer.Ordinal));
        var differences = new List<Difference>();
        if (witnesses.Record is { } record)
        {
            foreach (var (expected, message, participant) in Expected(epoch, record))
            {
                if (!lines.Remove(expected.Id, out var found))
                    differences.Add(new(DifferenceKind.LineMissing, $"The books have no line {expected.Id}.", epoch, message, participant, expected.Id, expected.Amount));
                else if (!SameMoney(expected, found))
                    differences.Add(new(DifferenceKind.LineDiffers, $"Line {expected.Id} moves money from {found.Debit} to {found.Credit}.", epoch, message, participant, expected.Id, expected.Amount, found.Amount));
            }
            TakeOutGivenUp(lines);
        }
        return [.. differences, .. lines.Values.Select(line => new Difference(
            DifferenceKind.LineUnexplained, $"Nothing in the settlement of epoch {epoch} explains line {line.Id}.", epoch, Participant: line.Debit.Participant, Subject: line.Id, Found: line.Amount))];
    }

    /// <summary>The lines that the protocol writes for what is recorded, made by the same rules.</summary>
    private static IEnumerable<(Transfer Line, int? Message, TonAddress? Participant)> Expected(EpochNumber epoch, SettlementRecord record)
    {
        var entriesOf = record.Entries.Where(entry => entry.Held is null).ToLookup(entry => entry.Message);
        foreach (var message in record.Messages.Where(message => message.Phase != RecordedPhase.GivenUp))
        {
            var entries = message.Index >= 0 ? entriesOf[message.Index].Select(entry => entry.Entry).ToList() : [];
            var planned = new PlannedBatch(epoch, message.Index, [.. entries], message.ListHash, message.Total);
            foreach (var line in SettlementTransfers.Reservations([planned], AnyTime))
                yield return (line, message.Index, line.Debit.Participant);
            if (message.Phase != RecordedPhase.Done)
                continue;
            foreach (var line in SettlementTransfers.Confirmation(epoch, message.Index, entries, message.Transaction ?? "", message.NetworkFee, AnyTime, AnyTime))
                yield return (line, message.Index, line.Debit.Participant);
        }
        foreach (var entry in record.Entries.Where(entry => entry.Held is not null))
        {
            var held = new HeldPayout(entry.Entry, entry.Reason ?? HoldReason.ClaimSchedule, entry.Held!.Value, entry.Message, "");
            foreach (var line in SettlementTransfers.Holds(epoch, [held], AnyTime))
                yield return (line, entry.Message, entry.Entry.Participant);
            if (entry.Held != HoldState.Claimed)
                continue;
            foreach (var line in SettlementTransfers.Claimed(epoch, held, entry.ClaimTransaction ?? "", AnyTime))
                yield return (line, entry.Message, entry.Entry.Participant);
        }
    }

    /// <summary>A batch that was given up left reservations behind that were voided: both lines together move nothing.</summary>
    private static void TakeOutGivenUp(Dictionary<string, Transfer> lines)
    {
        foreach (var end in lines.Values.Where(line => line.Action == TransferAction.VoidReserved).ToList())
        {
            if (lines.TryGetValue(end.Reservation!, out var reserved) && reserved.Action == TransferAction.Reserve && reserved.Amount == end.Amount)
            {
                lines.Remove(end.Id);
                lines.Remove(reserved.Id);
            }
        }
    }

    private static bool SameMoney(Transfer one, Transfer other) =>
        one.Debit == other.Debit && one.Credit == other.Credit && one.Amount == other.Amount && one.Action == other.Action && one.Kind == other.Kind
        && string.Equals(one.Reservation, other.Reservation, StringComparison.Ordinal);
}
