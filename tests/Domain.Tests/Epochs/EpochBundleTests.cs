using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Tests.Epochs;

public class EpochBundleTests
{
    [Fact]
    public void Bundle_OfASmallEpoch_IsTheseVeryBytes()
    {
        var close = Samples.Close(new(1000), Samples.Entrant(1, 1, 1, 1, 1));
        var json = Encoding.UTF8.GetString(EpochBundle.ToCanonicalJson(close, EpochFinalization.Finalize(close)));

        const string expected =
            """
            {"carried_over_nano":"0","end_unix_ms":"1768176000000","epoch":"7","fee_nano":"50","format":"cocoon-pool-epoch-bundle/3",
            "merkle_root":"MERKLE","parameters":{"fee_bps":"500","max_concentration_bps":"3000","min_payout_nano":"1000000000",
            "min_uptime_bps":"5000","score_weights":{"quality_bps":"1000","tasks_bps":"2000","tokens_bps":"5000","uptime_bps":"2000"},
            "token_multipliers":{"cached":"1000","completion":"80000","prompt":"10000","reasoning":"80000"}},
            "participants":[{"address":"0:0000000000000000000000000000000000000000000000000000000000000001","adjusted_tokens":"1",
            "attested_gpus":"1","carried_in_nano":"0","concentration_bps":"10000","eligible":true,"expected_gpu_milliseconds":"1",
            "failed_tasks":"0","gpu_milliseconds":"1","ineligible_because":null,"joined_unix_ms":"1762992000000",
            "min_payout_nano":"1","multiplier_ppm":"1000000","over_concentration":true,"payable_index":"0","payable_nano":"950",
            "payout_address":"0:00000000000000000000000000000000000000000000000000000000000f4241","quality_ppm":"1","quality_tokens":"1",
            "referral_bonus_nano":"0","referrer":null,"reputation_after":"500","reputation_before":"500",
            "schedule":"every_epoch","share_nano":"950","suspended":false,"tasks":"1","uptime_bps":"10000","weight":"10000000000"}],
            "pool":"pool-1","referral_bonuses_nano":"0","revenue":[{"amount_nano":"1000","kind":"cocoon_payout","transfer_id":"transfer-1"}],
            "revenue_nano":"1000","start_unix_ms":"1767571200000"}
            """;
        json.ShouldBe(expected.Replace("\n", "")
            .Replace("MERKLE", Convert.ToHexStringLower(EpochFinalization.Finalize(close).MerkleRoot)));
    }

    [Fact]
    public void Bundle_DoesNotDependOnTheOrderInWhichThingsWereRecorded()
    {
        var close = Samples.Rich();
        var reversed = close with { Entrants = [.. close.Entrants.Reverse()], Revenue = [.. close.Revenue.Reverse()] };
        EpochBundle.ToCanonicalJson(reversed, EpochFinalization.Finalize(reversed))
            .ShouldBe(EpochBundle.ToCanonicalJson(close, EpochFinalization.Finalize(close)));
    }

    [Fact]
    public void Bundle_IsJsonThatAnybodyCanRead()
    {
        var close = Samples.Rich();
        using var document = JsonDocument.Parse(EpochBundle.ToCanonicalJson(close, EpochFinalization.Finalize(close)));
        document.RootElement.GetProperty("revenue")[2].Text("transfer_id").ShouldBe("c \"é\"\n");
        document.RootElement.GetProperty("participants").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public void Hash_IsTheSha256OfTheBytes() => EpochBundle.Hash([1, 2, 3]).ShouldBe(SHA256.HashData([1, 2, 3]));

    [Fact]
    public void Csv_HasAHeaderAndOneLineForEachParticipant()
    {
        var close = Samples.Rich();
        var result = EpochFinalization.Finalize(close);
        var lines = EpochBundle.ToCsv(close, result).Split("\r\n");

        lines.Length.ShouldBe(1 + result.Participants.Length + 1);
        lines[^1].ShouldBeEmpty();
        var columns = lines[0].Split(',');
        lines.SkipLast(1).ShouldAllBe(line => line.Split(',').Length == columns.Length);
        var first = lines[1].Split(',').Zip(columns).ToDictionary(cell => cell.Second, cell => cell.First, StringComparer.Ordinal);
        first["address"].ShouldBe(Samples.Address(10).ToFriendly());
        first["share_nano"].ShouldBe(result.Participants[0].Share.ToString());
        first["payable_ton"].ShouldBe(result.Participants[0].Payable.ToTonString());
        first["schedule"].ShouldBe("every_epoch");
    }
}
