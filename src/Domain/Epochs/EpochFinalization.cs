using System.Collections.Immutable;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// Turns the tallies of an epoch into money: fee = floor(revenue × fee_bps ÷ 10000), the rest by score with
/// <see cref="Split"/>. When nobody has a weight, the whole revenue is carried over and no fee is taken, because it will
/// be taken when the money is shared.
/// </summary>
public static class EpochFinalization
{
    /// <exception cref="ArgumentException">The input contradicts itself; <see cref="EpochCloseRules"/> says what.</exception>
    /// <exception cref="OverflowException">The amounts exceed 64 bits.</exception>
    public static EpochResult Finalize(EpochClose close)
    {
        EpochCloseRules.Check(close);
        var entrants = close.Entrants.Sort((left, right) => left.Tally.Participant.CompareTo(right.Tally.Participant));
        var weights = Score.Weights(entrants, close.Parameters);
        var revenue = Nanotons.Sum(close.Revenue.Select(line => line.Amount));

        var anybody = weights.Any(weight => !weight.IsZero);
        var fee = anybody ? revenue.BasisPointsFloor(close.Parameters.FeeBps) : Nanotons.Zero;
        var carriedOver = anybody ? Nanotons.Zero : revenue;
        var shares = Split.Shares(revenue - fee - carriedOver, [.. entrants.Select((entrant, i) => (entrant.Tally.Participant, weights[i]))]);

        var participants = ImmutableArray.CreateBuilder<ParticipantResult>(entrants.Length);
        var payables = ImmutableArray.CreateBuilder<Payable>();
        for (var i = 0; i < entrants.Length; i++)
        {
            var entrant = entrants[i];
            var reason = Eligibility.RefusalOf(entrant, close.Parameters);
            var payable = PayableNow(entrant, shares[i]);
            participants.Add(new(entrant, reason is null, reason, weights[i], shares[i], payable));
            if (payable.IsPositive)
                payables.Add(new(payables.Count, entrant.Tally.Participant, entrant.PayoutAddress, payable));
        }

        var leaves = payables.Select(payable => MerkleTree.LeafHash(PayoutLeaf.Bytes(close.Number, payable))).ToArray();
        return new(revenue, fee, carriedOver, participants.MoveToImmutable(), payables.ToImmutable(), MerkleTree.Root(leaves));
    }

    /// <summary>The whole balance once it reaches the minimum; a smaller one, and one that is to be claimed, stays in the reward account.</summary>
    private static Nanotons PayableNow(EpochEntrant entrant, Nanotons share)
    {
        var balance = entrant.CarriedIn + share;
        return entrant.Schedule == PayoutSchedule.Claim || balance < entrant.MinPayout ? Nanotons.Zero : balance;
    }
}
