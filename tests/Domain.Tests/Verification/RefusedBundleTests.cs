using System.Text;
using System.Text.Json.Nodes;
using CocoonPool.Verifier;

namespace CocoonPool.Domain.Tests.Verification;

/// <summary>Bytes that no pool would publish are refused in words, never with an exception.</summary>
public class RefusedBundleTests
{
    private static readonly string Good = Encoding.UTF8.GetString(EpochVerifierTests.Bundle(
        Samples.Close(new(1000), Samples.Entrant(1, 1, 1, 1, 1), Samples.Entrant(2, 1, 1, 1, 1))));

    public static TheoryData<string, string> OneFaultEach => new()
    {
        { "is not JSON", "" },
        { "is not JSON", "{" },
        { "is not JSON", Good + "x" },
        { "is not JSON", Good + Good },
        { "is not JSON", "[[[[[[[[]]]]]]]]" },
        { "is not an object", "[]" },
        { "is not an object", "null" },
        { "is a JSON number", Good.Replace("\"epoch\":\"7\"", "\"epoch\":7") },
        { "is a JSON number", "1e999999999" },
        { "differs from its canonical form at byte 0", " " + Good },
        { "differs from its canonical form", Good + "\n" },
        { "differs from its canonical form", Good.Replace(",\"epoch\"", ", \"epoch\"") },
        { "differs from its canonical form", Good.Replace("pool-1", "pool\\u002d1") },
        { "differs from its canonical form", Good.Replace("cocoon_payout", "a\\/b") },
        { "'end_unix_ms' must come before 'epoch'", Good.Replace("\"end_unix_ms\":\"1768176000000\",\"epoch\":\"7\"", "\"epoch\":\"7\",\"end_unix_ms\":\"1768176000000\"") },
        { "bundle has the member 'epoch' twice", Good.Replace("\"epoch\":\"7\"", "\"epoch\":\"7\",\"epoch\":\"7\"") },
        { "bundle.pool is not valid Unicode", Good.Replace("pool-1", "\\ud800") },
        { "whose name is not valid Unicode", Good.Replace("\"pool\"", "\"\\ud800\"") },
        { "bundle lacks the member 'epoch'", Good.Replace("\"epoch\":\"7\",", "") },
        { "bundle has the unknown member 'extra'", Good.Replace("\"fee_nano\"", "\"extra\":\"1\",\"fee_nano\"") },
        { "bundle.participants[1] lacks the member 'weight'", Good.Remove(Good.LastIndexOf(",\"weight\"", StringComparison.Ordinal), ",\"weight\":\"10000000000\"".Length + Good[Good.LastIndexOf(",\"weight\"", StringComparison.Ordinal)..].IndexOf('}') - ",\"weight\":\"10000000000\"".Length) },
        { "bundle.format is none", Good.Replace("bundle/3", "bundle/1") },
        { "bundle.pool is empty", Good.Replace("pool-1", "") },
        { "bundle.pool is not a string", Good.Replace("\"pool-1\"", "{}") },
        { "bundle.epoch is 0, outside", Good.Replace("\"epoch\":\"7\"", "\"epoch\":\"0\"") },
        { "bundle.epoch is 2147483648, outside", Good.Replace("\"epoch\":\"7\"", "\"epoch\":\"2147483648\"") },
        { "bundle.epoch is '-7'", Good.Replace("\"epoch\":\"7\"", "\"epoch\":\"-7\"") },
        { "bundle.epoch is '07'", Good.Replace("\"epoch\":\"7\"", "\"epoch\":\"07\"") },
        { "bundle.epoch is '٧'", Good.Replace("\"epoch\":\"7\"", "\"epoch\":\"٧\"") },
        { "bundle.epoch is ''", Good.Replace("\"epoch\":\"7\"", "\"epoch\":\"\"") },
        { "bundle.end_unix_ms is not after", Good.Replace("1768176000000", "1767571200000") },
        { "bundle.fee_nano is 9223372036854775808, outside", Good.Replace("\"fee_nano\":\"50\"", "\"fee_nano\":\"9223372036854775808\"") },
        { "has 1000000 digits", Good.Replace("\"fee_nano\":\"50\"", $"\"fee_nano\":\"{new string('9', 1_000_000)}\"") },
        { "adjusted_tokens has 101 digits", Good.Replace("\"adjusted_tokens\":\"1\"", $"\"adjusted_tokens\":\"{new string('9', 101)}\"") },
        { "weight has 451 digits", Good.Replace("\"weight\":\"", $"\"weight\":\"{new string('9', 440)}") },
        { "bundle.merkle_root is not 64", Good.Replace("\"merkle_root\":\"", "\"merkle_root\":\"00") },
        { "bundle.participants is not an array", Good.Replace("\"participants\":[{", "\"participants\":{\"a\":{").Replace("}],\"pool\"", "}},\"pool\"").Replace("},{\"address\"", "},\"b\":{\"address\"") },
        { "bundle.parameters.fee_bps is 1001", Good.Replace("\"fee_bps\":\"500\"", "\"fee_bps\":\"1001\"") },
        { "score_weights do not add up", Good.Replace("\"tasks_bps\":\"2000\"", "\"tasks_bps\":\"2001\"") },
        { "multiplier_ppm is 1200001", Good.Replace("\"multiplier_ppm\":\"1000000\"", "\"multiplier_ppm\":\"1200001\"") },
        { "uptime_bps is 10001", Good.Replace("\"uptime_bps\":\"10000\"", "\"uptime_bps\":\"10001\"") },
        { "eligible is not true or false", Good.Replace("\"eligible\":true", "\"eligible\":\"true\"") },
        { "schedule is 'sometimes'", Good.Replace("every_epoch", "sometimes") },
        { "which is no raw TON address", Good.Replace("\"payout_address\":\"0:", "\"payout_address\":\"7:") },
        { "which is no raw TON address", Good.Replace("\"payout_address\":\"0:", "\"payout_address\":\"0:0:") },
        { "bundle.participants[1].address does not come after", Good.Replace("0000000001\"", "0000000002\"") },
        { "bundle.revenue[0].amount_nano is 0", Good.Replace("\"amount_nano\":\"1000\"", "\"amount_nano\":\"0\"") },
        { "bundle.revenue[1].transfer_id does not come after", Good.Replace("\"transfer_id\":\"transfer-1\"}", "\"transfer_id\":\"transfer-1\"},{\"amount_nano\":\"1\",\"kind\":\"k\",\"transfer_id\":\"transfer-1\"}") },
        { "quality_tokens is more than a perfect quality", Good.Replace("\"quality_tokens\":\"1\"", "\"quality_tokens\":\"1000001\"") },
        { "reputation_before is 1001", Good.Replace("\"reputation_before\":\"500\"", "\"reputation_before\":\"1001\"") },
        { "referrer is the participant", Good.Replace("\"referrer\":null", $"\"referrer\":\"{Samples.Address(1)}\"") },
        { "max_concentration_bps is 10001", Good.Replace("\"max_concentration_bps\":\"3000\"", "\"max_concentration_bps\":\"10001\"") },
        { "more nanoTON than fit", Good.Replace("\"carried_in_nano\":\"0\"", "\"carried_in_nano\":\"9223372036854775807\"") },
    };

    [Theory]
    [MemberData(nameof(OneFaultEach))]
    public void Bundle_WithOneFault_IsRefusedInWords(string expected, string bundle)
    {
        var report = EpochVerifier.Verify(Encoding.UTF8.GetBytes(bundle));
        report.Ok.ShouldBeFalse();
        report.Differences.ShouldHaveSingleItem().ShouldContain(expected);
        report.Participants.ShouldBeEmpty();
        report.BundleHash.Length.ShouldBe(64);
    }

    [Fact]
    public void EveryMember_LeftOut_IsMissed()
    {
        foreach (var path in Members(JsonNode.Parse(Good)!, []).ToArray())
        {
            var copy = JsonNode.Parse(Good)!;
            var parent = path.SkipLast(1).Aggregate(copy, (node, step) => step is int index ? node[index]! : node[(string)step]!);
            parent.AsObject().Remove((string)path[^1]);
            EpochVerifier.Verify(Encoding.UTF8.GetBytes(copy.ToJsonString())).Differences.ShouldHaveSingleItem().ShouldContain($"lacks the member '{path[^1]}'");
        }
    }

    [Fact]
    public void Bytes_DamagedAnywhere_NeverThrow()
    {
        // A fixed stride of damages instead of random ones: the same in every run, and every byte is hit.
        var good = Encoding.UTF8.GetBytes(Good);
        EpochVerifier.Verify(good).Ok.ShouldBeTrue();
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var value in (byte[])[0, (byte)'"', (byte)'\\', (byte)'0', (byte)'}', (byte)'[', 0x80, 0xff])
            {
                var damaged = (byte[])good.Clone();
                damaged[i] = value;
                EpochVerifier.Verify(damaged).BundleHash.ShouldNotBeEmpty();
            }

            EpochVerifier.Verify(good.AsSpan(0, i)).Ok.ShouldBeFalse();
            EpochVerifier.Verify([.. good.AsSpan(0, i), .. good.AsSpan(i + 1)]).BundleHash.ShouldNotBeEmpty();
        }
    }

    private static IEnumerable<object[]> Members(JsonNode? node, object[] path) => node switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value, [.. path, member.Key]).Prepend([.. path, member.Key])),
        JsonArray items => items.SelectMany((item, index) => Members(item, [.. path, index])),
        _ => [],
    };
}
