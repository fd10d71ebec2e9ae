using System.Globalization;
using System.Text;

namespace CocoonPool.Domain.Epochs;

/// <summary>The bundle as a table for a spreadsheet (RFC 4180). Every field is a number, an address or a fixed word, so nothing needs quoting.</summary>
internal static class EpochBundleCsv
{
    private const string Header =
        "epoch,address,payout_address,adjusted_tokens,gpu_milliseconds,tasks,failed_tasks,quality_tokens,quality_ppm,uptime_bps,multiplier_ppm,"
        + "eligible,ineligible_because,weight,share_nano,share_ton,referral_bonus_nano,carried_in_nano,payable_nano,payable_ton,schedule,reputation,concentration_bps\r\n";

    public static string Write(EpochClose close, EpochResult result)
    {
        var csv = new StringBuilder(Header);
        foreach (var participant in result.Participants)
        {
            var (entrant, standing) = (participant.Entrant, participant.Standing);
            var tally = entrant.Tally;
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{close.Number},{tally.Participant.ToFriendly()},{entrant.PayoutAddress.ToFriendly()},{tally.AdjustedTokens},{tally.GpuMilliseconds},")
                .Append(CultureInfo.InvariantCulture, $"{tally.Tasks},{tally.FailedTasks},{tally.QualityTokens},{standing.QualityPpm},{standing.UptimeBps},{standing.MultiplierPpm},")
                .Append(CultureInfo.InvariantCulture, $"{(standing.Eligible ? "yes" : "no")},{standing.IneligibleBecause},{participant.Weight},")
                .Append(CultureInfo.InvariantCulture, $"{participant.Share},{participant.Share.ToTonString()},{participant.ReferralBonus},{entrant.CarriedIn},")
                .Append(CultureInfo.InvariantCulture, $"{participant.Payable},{participant.Payable.ToTonString()},{entrant.Schedule.ToWord()},{standing.ReputationAfter},{standing.ConcentrationBps}\r\n");
        }

        return csv.ToString();
    }
}
