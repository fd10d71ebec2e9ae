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
        for (var i = 0; i < entrants.Length; i++)
        {
            var payable = PayableNow(entrants[i], shares[i] + bonuses[i]);
            participants.Add(new(entrants[i], standings[i], weights[i], shares[i], bonuses[i], payable));
        }

        var payables = Payables(participants);
        var leaves = payables.Select(payable => MerkleTree.LeafHash(PayoutLeaf.Bytes(close.Number, payable))).ToArray();
        var referred = Nanotons.Sum(bonuses);
        return new(revenue, fee - referred, referred, carriedOver, participants.MoveToImmutable(), payables, MerkleTree.Root(leaves));
    }

    /// <summary>The whole balance once it reaches the minimum; a smaller one stays in the reward account.</summary>
    private static Nanotons PayableNow(EpochEntrant entrant, Nanotons earned)
    {
        var balance = entrant.CarriedIn + earned;
        return balance < entrant.MinPayout ? Nanotons.Zero : balance;
    }

    /// <summary>
    /// The entries of the tree: first those that are sent, then those that are claimed, so that one number tells the contract which
    /// may be claimed. The order of participants holds within both.
    /// </summary>
    private static ImmutableArray<Payable> Payables(IEnumerable<ParticipantResult> participants) =>
    [
        .. participants.Where(one => one.Payable.IsPositive).OrderBy(one => one.Entrant.Schedule == PayoutSchedule.Claim)
            .Select((one, index) => new Payable(index, one.Entrant.Tally.Participant, one.Entrant.PayoutAddress, one.Payable, one.Entrant.Schedule == PayoutSchedule.Claim)),
    ];
}
