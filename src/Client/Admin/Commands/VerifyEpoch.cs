using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;
using CocoonPool.Verifier;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>verify-epoch</c>: recomputes an epoch from its bundle. It asks nobody, so that nobody has to be believed.</summary>
internal static class VerifyEpoch
{
    private const int MostShown = 20;

    /// <summary>As the API writes: snake_case, and amounts as strings, which no reader rounds.</summary>
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new AmountAsText() },
    };

    public static Command Create(GlobalOptions options, Screen screen)
    {
        var file = new Argument<string>("FILE") { Description = "the bundle, as epoch bundle or GET /api/v1/epochs/N/bundle.json gives it" };
        var hash = new Option<string?>("--hash") { Description = "the bundle's hash from the chain, 64 hexadecimal digits; compared too" };
        hash.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { Length: 64 } text || !text.All(char.IsAsciiHexDigit))
                result.AddError("--hash is 64 hexadecimal digits.");
        });
        var command = new ExampledCommand(
            "verify-epoch", "Recomputes an epoch from its bundle, without asking the pool: shares, payables, fee, Merkle root, list hashes.",
            "verify-epoch epoch-7.json", "verify-epoch epoch-7.json --hash 1eb3d12c5db6eaf826f91b48d5a1849ed61994985c5c203e45c19a472903e4c8") { file, hash };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = EpochVerifier.Verify(await Read(parsed.GetRequiredValue(file), cancellationToken), parsed.GetValue(hash));
            if (parsed.GetValue(options.Json))
                screen.Raw(JsonSerializer.Serialize(report, Format));
            else
                Show(report, parsed.GetValue(hash) is not null, screen);
            return report.Ok ? ExitCode.Done : ExitCode.Refused;
        });
        return command;
    }

    private static async Task<byte[]> Read(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AdminException(ExitCode.Usage, $"The bundle cannot be read: {failure.Message} Fetch one with epoch bundle N --out FILE.");
        }
    }

    private static void Show(VerificationReport report, bool isHashGiven, Screen screen)
    {
        if (report.MerkleRoot.Length > 0)
        {
            screen.Facts(
                ("pool", report.Pool),
                ("epoch", $"{report.Epoch}"),
                ("revenue", Ton.Show(report.RevenueNano) + " TON"),
                ("fee", Ton.Show(report.FeeNano) + " TON"),
                ("referral bonuses", Ton.Show(report.ReferralBonusesNano) + " TON"),
                ("carried over", Ton.Show(report.CarriedOverNano) + " TON"),
                ("Merkle root", report.MerkleRoot));
            screen.Table(
                ["participant", "eligible", "#share, TON", "#payable, TON", "paid to"],
                report.Participants.Select(p => new[] { p.Address, p.Eligible ? "yes" : "no", Ton.Show(p.ShareNano), Ton.Show(p.PayableNano), p.PayoutAddress }),
                "Nobody took part.");
            screen.Table(
                ["#batch", "#payouts", "#total, TON", "list hash"],
                report.Batches.Select(b => new[] { $"{b.Index}", $"{b.Count}", Ton.Show(b.TotalNano), b.ListHash }),
                "Nothing is to be paid.");
        }

        screen.Line($"bundle hash  {report.BundleHash}");
        // Later differences often follow from the first; a person looks at that one, a program reads all of them with --json.
        if (report.Differences.Length > 1)
            screen.Line($"{report.Differences.Length} differences; the first is the nearest to what was changed:");
        foreach (var difference in report.Differences.Take(MostShown))
            screen.Verdict(false, difference);
        if (report.Differences.Length > MostShown)
            screen.Line($"… and {report.Differences.Length - MostShown} more; --json lists up to 1000.");
        if (report.Ok)
            screen.Verdict(true, "All that can be recomputed is as the bundle says." + (isHashGiven ? " Its hash is the one given." : " Compare its hash with the one on chain, or give that with --hash."));
    }

    private sealed class AmountAsText : JsonConverter<long>
    {
        public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Reports are only written.");

        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteStringValue($"{value}");
    }
}
