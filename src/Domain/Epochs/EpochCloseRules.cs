using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Epochs;

/// <summary>What must hold before an epoch is finalized. A breach is a bug of whoever kept the tallies, so it stops the epoch loudly.</summary>
internal static class EpochCloseRules
{
    public static void Check(EpochClose close)
    {
        Require(close.Number.Value >= 1, "Epochs are numbered from 1.");
        Require(!string.IsNullOrEmpty(close.PoolId), "The pool has no id.");
        Require(close.Start >= DateTimeOffset.UnixEpoch, "The epoch starts before 1970.");
        Require(close.Start < close.End, "The epoch ends before it starts.");
        Require(IsWholeMilliseconds(close.Start) && IsWholeMilliseconds(close.End), "An epoch starts and ends at whole milliseconds.");
        Require(close.Parameters.FeeBps is >= 0 and <= 1000, "The fee is outside 0 to 1000 basis points.");
        Require(close.Parameters.MinUptimeBps is >= 0 and <= 10_000, "The minimum uptime is outside 0 to 10000 basis points.");
        Require(close.Parameters.MaxConcentrationBps is >= 0 and <= 10_000, "The concentration limit is outside 0 to 10000 basis points.");
        var weights = close.Parameters.Weights;
        Require(
            weights is { TokensBps: >= 0, UptimeBps: >= 0, TasksBps: >= 0, QualityBps: >= 0 }
            && (long)weights.TokensBps + weights.UptimeBps + weights.TasksBps + weights.QualityBps == 10_000,
            "The score weights do not add up to 10000 basis points.");
        Revenue(close);
        Entrants(close);
    }

    private static void Revenue(EpochClose close)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in close.Revenue)
        {
            Require(!string.IsNullOrEmpty(line.TransferId), "A revenue line has no transfer id.");
            Require(!string.IsNullOrEmpty(line.Kind), $"The revenue of transfer {line.TransferId} is of no kind.");
            Require(seen.Add(line.TransferId), $"The transfer {line.TransferId} comes twice in the revenue.");
            Require(line.Amount.IsPositive, $"The revenue of transfer {line.TransferId} is not above zero.");
        }
    }

    private static void Entrants(EpochClose close)
    {
        var seen = new HashSet<TonAddress>();
        foreach (var entrant in close.Entrants)
        {
            var tally = entrant.Tally;
            var who = tally.Participant;
            Require(seen.Add(who), $"The participant {who} comes twice.");
            Require(
                tally.AdjustedTokens.Sign >= 0 && tally.GpuMilliseconds.Sign >= 0 && tally.Tasks.Sign >= 0 && tally.QualityTokens.Sign >= 0 && tally.FailedTasks >= 0,
                $"A tally of {who} is negative.");
            Require(tally.QualityTokens <= tally.AdjustedTokens * MeasuredQuality.Perfect, $"The quality of {who} is better than perfect.");
            Require(entrant.ExpectedGpuMilliseconds.Sign >= 0, $"The expected uptime of {who} is negative.");
            Require(entrant.JoinedAt >= DateTimeOffset.UnixEpoch && IsWholeMilliseconds(entrant.JoinedAt), $"The joining of {who} is no whole millisecond since 1970.");
            Require(entrant.AttestedGpus >= 0, $"The number of GPUs of {who} is negative.");
            Require(entrant.Reputation is >= Reputation.Lowest and <= Reputation.Highest, $"The reputation of {who} is outside {Reputation.Lowest} to {Reputation.Highest}.");
            Require(entrant.Referrer != who, $"{who} is said to have referred themselves.");
            Require(entrant.CarriedIn >= Nanotons.Zero, $"What {who} carries in is negative.");
            Require(entrant.MinPayout >= Nanotons.Zero, $"The minimum payout of {who} is negative.");
            Require(Enum.IsDefined(entrant.Schedule), $"The payout schedule of {who} is unknown.");
        }

        foreach (var referees in close.Entrants.Where(entrant => entrant.Referrer is not null).GroupBy(entrant => entrant.Referrer))
            Require(referees.Count() <= Referral.MaxReferees, $"{referees.Key} referred more than {Referral.MaxReferees} participants.");
    }

    private static bool IsWholeMilliseconds(DateTimeOffset time) => time.UtcTicks % TimeSpan.TicksPerMillisecond == 0;

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ArgumentException(message);
    }
}
