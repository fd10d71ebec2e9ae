using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Epochs;

/// <summary>The ledger lines of a closed epoch: its revenue becomes the fee, the bonuses that the operator pays out of it, the shares, and what is carried over; nothing is left.</summary>
public static class EpochTransfers
{
    /// <summary>Their sum is exactly the revenue. Ids and times follow from the epoch alone, so that a repeated closing makes the same lines.</summary>
    public static IReadOnlyList<Transfer> For(EpochClose close, EpochResult result)
    {
        var revenue = AccountName.Revenue(close.Number);
        var reference = $"epoch/{close.Number}";
        var lines = new List<Transfer>();
        Add("fee", AccountName.OperatorFees, result.Fee, TransferKind.EpochFee);
        foreach (var participant in result.Participants)
            Add($"referral/{participant.Entrant.Tally.Participant}", AccountName.Rewards(participant.Entrant.Tally.Participant), participant.ReferralBonus, TransferKind.ReferralBonus);
        foreach (var participant in result.Participants)
            Add($"share/{participant.Entrant.Tally.Participant}", AccountName.Rewards(participant.Entrant.Tally.Participant), participant.Share, TransferKind.EpochShare);
        Add("carry-over", AccountName.Revenue(close.Number.Next), result.CarriedOver, TransferKind.CarryOver);
        return lines;

        void Add(string what, AccountName credit, Nanotons amount, TransferKind kind)
        {
            if (amount.IsPositive)
                lines.Add(new($"{reference}/{what}", revenue, credit, amount, kind, reference, close.End));
        }
    }
}
