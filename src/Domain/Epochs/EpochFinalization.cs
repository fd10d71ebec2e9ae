using System.Collections.Immutable;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// Turns the tallies of an epoch into money: fee = floor(revenue × fee_bps ÷ 10000), the rest by score with
/// <see cref="Split"/>, and referral bonuses out of the fee. When nobody has a weight, the whole revenue is carried over and no fee is taken, because it will
/// be taken when the money is shared.
/// </summary>
public static class EpochFinalization
{
    /// <exception cref="ArgumentException">The input contradicts itself; <see cref="EpochCloseRules"/> says what.</exception>
    /// <exception cref="OverflowException">The amounts exceed 64 bits.</exception>
    public static EpochResult Finalize(EpochClose close)
    {
        EpochCloseRules.Check(close);
        close = close with { Entrants = close.Entrants.Sort((left, right) => left.Tally.Participant.CompareTo(right.Tally.Participant)) };
        var entrants = close.Entrants;
        var standings = Standings.Of(close);
        var weights = Score.Weights(
            [.. entrants.Select((entrant, i) => new ScoreEntry(entrant.Tally, standings[i].MultiplierPpm, standings[i].Eligible))], close.Parameters.Weights);
        var revenue = Nanotons.Sum(close.Revenue.Select(line => line.Amount));

        var anybody = weights.Any(weight => !weight.IsZero);
        var fee = anybody ? revenue.BasisPointsFloor(close.Parameters.FeeBps) : Nanotons.Zero;
        var carriedOver = anybody ? Nanotons.Zero : revenue;
        var shares = Split.Shares(revenue - fee - carriedOver, [.. entrants.Select((entrant, i) => (entrant.Tally.Participant, weights[i]))]);
        var bonuses = Referral.Bonuses(close.Start, entrants, standings, shares, fee);

        var participants = ImmutableArray.CreateBuilder<ParticipantResult>(entrants.Length);
        var payables = ImmutableArray.CreateBuilder<Payable>();
        for (var i = 0; i < entrants.Length; i++)
        {
            var entrant = entrants[i];
            var payable = PayableNow(entrant, shares[i] + bonuses[i]);
            participants.Add(new(entrant, standings[i], weights[i], shares[i], bonuses[i], payable));
            if (payable.IsPositive)
                payables.Add(new(payables.Count, entrant.Tally.Participant, entrant.PayoutAddress, payable));
        }

        var leaves = payables.Select(payable => MerkleTree.LeafHash(PayoutLeaf.Bytes(close.Number, payable))).ToArray();
        var referred = Nanotons.Sum(bonuses);
        return new(revenue, fee - referred, referred, carriedOver, participants.MoveToImmutable(), payables.ToImmutable(), MerkleTree.Root(leaves));
    }

    /// <summary>The whole balance once it reaches the minimum; a smaller one, and one that is to be claimed, stays in the reward account.</summary>
    private static Nanotons PayableNow(EpochEntrant entrant, Nanotons earned)
    {
        var balance = entrant.CarriedIn + earned;
        return entrant.Schedule == PayoutSchedule.Claim || balance < entrant.MinPayout ? Nanotons.Zero : balance;
    }
}
