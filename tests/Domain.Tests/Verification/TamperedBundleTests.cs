using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CocoonPool.Domain.Epochs;
using CocoonPool.Verifier;

namespace CocoonPool.Domain.Tests.Verification;

/// <summary>Every field of a bundle is changed in turn: either recomputing shows it, or the field is one that only the published hash protects.</summary>
public class TamperedBundleTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// What a bundle only reports. Of somebody who earns nothing, and so is in no sum, that is also what they did;
    /// of somebody who is not paid now, where they would be.
    /// </summary>
    private static readonly string[] OnlyProtectedByTheHash =
    [
        "end_unix_ms", "start_unix_ms", "pool",
        "parameters.min_payout_nano", "parameters.min_uptime_bps",
        "parameters.token_multipliers.cached", "parameters.token_multipliers.completion",
        "parameters.token_multipliers.prompt", "parameters.token_multipliers.reasoning",
        "revenue[*].kind", "revenue[*].transfer_id",
        "participants[*].address", "participants[*].min_payout_nano", "participants[*].joined_unix_ms", "participants[*].referrer",
        "participants[*].expected_gpu_milliseconds", "parameters.max_concentration_bps",
    ];

    private static readonly string[] OnlyProtectedByTheHashOfOneWhoEarnsNothing =
        ["adjusted_tokens", "gpu_milliseconds", "tasks", "quality_tokens", "failed_tasks"];

    private static readonly string[] OnlyProtectedByTheHashOfOneWhoIsNotPaidNow = ["payout_address", "carried_in_nano", "schedule"];

    [Fact]
    public void EveryField_Changed_IsReportedOrChangesTheHash()
    {
        var original = EpochVerifierTests.Bundle(Samples.Rich());
        var hash = Convert.ToHexStringLower(EpochBundle.Hash(original));
        var root = JsonNode.Parse(original)!;
        var unreported = new List<string>();
        var changed = 0;
        foreach (var path in Leaves(root, ""))
        {
            var copy = root.DeepClone();
            Change(copy, path);
            var bytes = Encoding.UTF8.GetBytes(copy.ToJsonString(Plain));
            EpochVerifier.Verify(bytes, hash).Ok.ShouldBeFalse($"{path} was changed and the hash did not show it.");
            changed++;
            if (EpochVerifier.Verify(bytes).Ok)
                unreported.Add(path);
        }

        changed.ShouldBeGreaterThan(130);
        unreported.Where(path => !MayGoUnreported(root, path)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("parameters.fee_bps")]
    [InlineData("parameters.score_weights.tokens_bps")]
    [InlineData("participants[0].adjusted_tokens")]
    [InlineData("participants[0].gpu_milliseconds")]
    [InlineData("participants[0].tasks")]
    [InlineData("participants[0].quality_tokens")]
    [InlineData("participants[0].multiplier_ppm")]
    [InlineData("participants[0].uptime_bps")]
    [InlineData("participants[0].quality_ppm")]
    [InlineData("participants[0].concentration_bps")]
    [InlineData("participants[0].over_concentration")]
    [InlineData("participants[0].reputation_before")]
    [InlineData("participants[0].reputation_after")]
    [InlineData("participants[0].referral_bonus_nano")]
    [InlineData("participants[0].referrer")]
    [InlineData("participants[0].attested_gpus")]
    [InlineData("participants[1].failed_tasks")]
    [InlineData("referral_bonuses_nano")]
    [InlineData("participants[0].weight")]
    [InlineData("participants[0].share_nano")]
    [InlineData("participants[0].payable_nano")]
    [InlineData("participants[0].payable_index")]
    [InlineData("participants[0].payout_address")]
    [InlineData("participants[0].carried_in_nano")]
    [InlineData("participants[0].eligible")]
    [InlineData("participants[0].suspended")]
    [InlineData("participants[0].ineligible_because")]
    [InlineData("participants[0].schedule")]
    [InlineData("revenue[0].amount_nano")]
    [InlineData("revenue_nano")]
    [InlineData("fee_nano")]
    [InlineData("carried_over_nano")]
    [InlineData("merkle_root")]
    [InlineData("epoch")]
    public void FieldOfTheSplit_Changed_IsReportedByRecomputingAlone(string path)
    {
        var copy = JsonNode.Parse(EpochVerifierTests.Bundle(Samples.Rich()))!;
        Change(copy, path);
        var report = EpochVerifier.Verify(Encoding.UTF8.GetBytes(copy.ToJsonString(Plain)));
        report.Ok.ShouldBeFalse();
        report.Differences[0].ShouldStartWith("bundle");
    }

    private static bool MayGoUnreported(JsonNode root, string path)
    {
        var general = System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "[*]", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        if (OnlyProtectedByTheHash.Contains(general, StringComparer.Ordinal))
            return true;
        if (!path.StartsWith("participants[", StringComparison.Ordinal))
            return false;
        var participant = root["participants"]![int.Parse(path[13..path.IndexOf(']', StringComparison.Ordinal)], CultureInfo.InvariantCulture)]!;
        var field = general["participants[*].".Length..];
        return (!(bool)participant["eligible"]! && OnlyProtectedByTheHashOfOneWhoEarnsNothing.Contains(field, StringComparer.Ordinal))
            || (participant["payable_index"] is null && OnlyProtectedByTheHashOfOneWhoIsNotPaidNow.Contains(field, StringComparer.Ordinal))
            || (field == "schedule" && (string)participant["schedule"]! != "claim");
    }

    /// <summary>Puts another value of the same kind in place: one that a careful forger would choose.</summary>
    private static void Change(JsonNode root, string path)
    {
        var steps = path.Split('.', '[');
        var parent = steps.SkipLast(1).Aggregate(root, (node, step) => step.EndsWith(']') ? node[int.Parse(step[..^1], CultureInfo.InvariantCulture)]! : node[step]!);
        var value = parent[steps[^1]];
        parent[steps[^1]] = value?.GetValueKind() switch
        {
            null => steps[^1] switch
            {
                "payable_index" or "quality_ppm" => "3",
                "referrer" => Samples.Address(10).ToString(),
                _ => "suspended",
            },
            JsonValueKind.True => false,
            JsonValueKind.False => true,
            _ => OtherText(value.GetValue<string>(), path),
        };
    }

    private static string OtherText(string text, string path)
    {
        if (BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && text.Length < 64)
            return text switch { "10000" => "9999", "1000000" when path.EndsWith("_ppm", StringComparison.Ordinal) => "999999", _ => (number + 1).ToString(CultureInfo.InvariantCulture) };
        return text switch
        {
            "every_epoch" => "claim",
            "claim" => "every_epoch",
            "threshold" => "every_epoch",
            _ when text.StartsWith("0:", StringComparison.Ordinal) => text[..^1] + (text[^1] == '9' ? '8' : '9'),
            _ when text.Length == 64 => (text[0] == 'a' ? 'b' : 'a') + text[1..],
            _ => text + "x",
        };
    }

    private static IEnumerable<string> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany((item, index) => Leaves(item, $"{path}[{index}]")),
        _ => [path],
    };
}
