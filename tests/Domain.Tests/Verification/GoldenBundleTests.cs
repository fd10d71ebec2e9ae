using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;
using CocoonPool.Verifier;

namespace CocoonPool.Domain.Tests.Verification;

/// <summary>
/// Bundles that are kept with their bytes: whatever changes in the code, an epoch that was published stays provable. A deliberate
/// change of the format gets a new format name and new files, written with <c>WRITE_GOLDEN_BUNDLES=folder</c> in the environment.
/// </summary>
public class GoldenBundleTests
{
    public static TheoryData<string> Names => ["rich", "hundred-gpus", "nobody", "fee-shared-by-referrals"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bundle_IsTheKeptOne_ByteForByte_AndTheSecondImplementationConfirmsIt(string name)
    {
        var close = Close(name);
        var result = EpochFinalization.Finalize(close);
        var bundle = EpochBundle.ToCanonicalJson(close, result);
        if (Environment.GetEnvironmentVariable("WRITE_GOLDEN_BUNDLES") is { Length: > 0 } folder)
            File.WriteAllBytes(Path.Combine(folder, $"{name}.json"), bundle);

        bundle.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "bundles", $"{name}.json"))).ShouldBeTrue($"{name}.json is not byte-identical any more.");

        var report = EpochVerifier.Verify(bundle, Convert.ToHexStringLower(EpochBundle.Hash(bundle)));
        report.Differences.ShouldBeEmpty();
        report.FeeNano.ShouldBe(result.Fee.Value);
    }

    [Fact]
    public void Bundle_OfTheFormatBefore_WithABalanceThatWasLeftToBeClaimed_IsStillConfirmed()
    {
        var bundle = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "bundles", "rich-format-2.json"));
        EpochVerifier.Verify(bundle, Convert.ToHexStringLower(EpochBundle.Hash(bundle))).Differences.ShouldBeEmpty();
    }

    private static EpochClose Close(string name) => name switch
    {
        "rich" => Samples.Rich(),
        "hundred-gpus" => HundredGpus(),
        "nobody" => Samples.Close(Nanotons.FromTon(5), Samples.Entrant(1, 1, 1, 1, 1, suspended: true)),
        _ => Samples.Close(new(1_000_003), Samples.Entrant(1, 5, 5, 5, 5, gpus: 9), Samples.Entrant(2, 1, 1, 1, 1, daysInPool: 7, referrer: 1), Samples.Entrant(3, 7, 1, 1, 1, daysInPool: 50, referrer: 2))
            with { Parameters = PoolParameters.Default with { FeeBps = 100 } },
    };

    /// <summary>100 GPUs at 60 % for 720 hours, 5,000 tokens an hour at 0.0006 TON, with every tenure and quality among their participants.</summary>
    private static EpochClose HundredGpus()
    {
        const long tokens = 100L * 60 / 100 * 720 * 5000 / 100;
        var entrants = Enumerable.Range(0, 100).Select(i => Samples.Entrant(
            i, tokens, 1_555_200_000, 4320, (BigInteger)tokens * (900_000 + (i * 1000)), failedTasks: i % 3, daysInPool: i * 2, reputation: i * 10, referrer: i is > 0 and < 9 ? 0 : null));
        return Samples.Close(Nanotons.FromTon(129_600), entrants.ToImmutableArray());
    }
}
