using System.Globalization;
using System.Text;

namespace CocoonPool.Domain.Epochs;

/// <summary>The bundle as a table for a spreadsheet (RFC 4180). Every field is a number, an address or a fixed word, so nothing needs quoting.</summary>
internal static class EpochBundleCsv
{
    private const string Header =
        "epoch,address,payout_address,adjusted_tokens,gpu_milliseconds,tasks,failed_tasks,quality_tokens,uptime_bps,multiplier_ppm,"
        + "eligible,ineligible_because,weight,share_nano,share_ton,carried_in_nano,payable_nano,payable_ton,schedule\r\n";

    public static string Write(EpochClose close, EpochResult result)
    {
        var csv = new StringBuilder(Header);
        foreach (var participant in result.Participants)
        {
            var entrant = participant.Entrant;
            var tally = entrant.Tally;
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{close.Number},{tally.Participant.ToFriendly()},{entrant.PayoutAddress.ToFriendly()},{tally.AdjustedTokens},{tally.GpuMilliseconds},")
                .Append(CultureInfo.InvariantCulture, $"{tally.Tasks},{tally.FailedTasks},{tally.QualityTokens},{entrant.UptimeBps},{entrant.MultiplierPpm},")
                .Append(CultureInfo.InvariantCulture, $"{(participant.Eligible ? "yes" : "no")},{participant.IneligibleBecause},{participant.Weight},")
                .Append(CultureInfo.InvariantCulture, $"{participant.Share},{participant.Share.ToTonString()},{entrant.CarriedIn},")
                .Append(CultureInfo.InvariantCulture, $"{participant.Payable},{participant.Payable.ToTonString()},{entrant.Schedule.ToWord()}\r\n");
        }

        return csv.ToString();
    }
}
