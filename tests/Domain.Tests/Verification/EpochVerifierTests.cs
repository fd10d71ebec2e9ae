using System.Text;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Verifier;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Verification;

public class EpochVerifierTests
{
    [Fact]
    public void Verifier_AgreesWithThePoolOnEveryGeneratedEpoch() =>
        Prop.ForAll(GeneratedEpochs.Arbitrary, close => ShouldAgree(close)).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Of(20_000)));

    [Fact]
    public void Verifier_AgreesOnAnEpochOfSeveralBatches()
    {
        var entrants = Enumerable.Range(0, 777).Select(i => Samples.Entrant(i * 7919L % 10_007, i, i % 13, i % 5, i * 900L));
        var report = ShouldAgree(Samples.Close(Nanotons.FromTon(12_345), [.. entrants]));
        report.Batches.Select(batch => batch.Count).ShouldBe([250, 250, 250, 26]);
    }

    [Fact]
    public void Verifier_TellsWhatEachParticipantGets()
    {
        var report = ShouldAgree(Samples.Rich());
        report.Pool.ShouldBe("pool-1");
        report.Epoch.ShouldBe(7);
        report.Participants.Length.ShouldBe(6);
        report.RevenueNano.ShouldBe(1_000_000_000_001);
        (report.FeeNano + report.ReferralBonusesNano).ShouldBe(50_000_000_000);
        report.ReferralBonusesNano.ShouldBeGreaterThan(0);
        (report.FeeNano + report.ReferralBonusesNano + report.Participants.Sum(p => p.ShareNano)).ShouldBe(report.RevenueNano);
        report.Participants.Count(p => !p.Eligible).ShouldBe(2);
    }

    [Fact]
    public void Verifier_WithAnotherHashThanThePublishedOne_SaysSo()
    {
        var bundle = Bundle(Samples.Rich());
        var hash = Convert.ToHexString(EpochBundle.Hash(bundle));
        EpochVerifier.Verify(bundle, hash).Ok.ShouldBeTrue();
        EpochVerifier.Verify(bundle, "00").Differences.ShouldHaveSingleItem().ShouldStartWith("hash of the bundle: expected 00");
    }

    [Fact]
    public void Verifier_OfAWrongFee_NamesTheFieldAndBothNumbers()
    {
        var good = Encoding.UTF8.GetString(Bundle(Samples.Rich()));
        var fee = EpochVerifier.Verify(Encoding.UTF8.GetBytes(good)).FeeNano;
        var report = EpochVerifier.Verify(Encoding.UTF8.GetBytes(good.Replace($"\"fee_nano\":\"{fee}\"", $"\"fee_nano\":\"{fee + 1}\"")));
        report.Ok.ShouldBeFalse();
        report.Differences.ShouldBe([$"bundle.fee_nano: expected {fee}, found {fee + 1}."]);
    }

    [Fact]
    public void Verifier_OfALargeBundleWithAWrongParameter_LimitsTheListOfDifferences()
    {
        var close = Samples.Close(Nanotons.FromTon(1000), [.. Enumerable.Range(0, 600).Select(i => Samples.Entrant(i, 1, 1, 1, 1))]);
        var bundle = Encoding.UTF8.GetString(Bundle(close)).Replace("\"suspended\":false", "\"suspended\":true");
        var report = EpochVerifier.Verify(Encoding.UTF8.GetBytes(bundle));
        report.Differences.Length.ShouldBe(1001);
        report.Differences[^1].ShouldEndWith("more.");
    }

    internal static byte[] Bundle(EpochClose close) => EpochBundle.ToCanonicalJson(close, EpochFinalization.Finalize(close));

    private static VerificationReport ShouldAgree(EpochClose close)
    {
        var result = EpochFinalization.Finalize(close);
        var bundle = EpochBundle.ToCanonicalJson(close, result);
        var report = EpochVerifier.Verify(bundle, Convert.ToHexStringLower(EpochBundle.Hash(bundle)));

        report.Differences.ShouldBeEmpty();
        report.Ok.ShouldBeTrue();
        report.MerkleRoot.ShouldBe(Convert.ToHexStringLower(result.MerkleRoot));
        report.RevenueNano.ShouldBe(result.Revenue.Value);
        report.FeeNano.ShouldBe(result.Fee.Value);
        report.ReferralBonusesNano.ShouldBe(result.ReferralBonuses.Value);
        report.CarriedOverNano.ShouldBe(result.CarriedOver.Value);
        report.Participants.Length.ShouldBe(result.Participants.Length);
        foreach (var (verified, own) in report.Participants.Zip(result.Participants))
        {
            (verified.Address == own.Entrant.Tally.Participant.ToString()
                && verified.Eligible == own.Standing.Eligible
                && verified.ShareNano == own.Share.Value
                && verified.PayableNano == own.Payable.Value).ShouldBeTrue(verified.Address);
        }

        // What is claimed is in the tree, but in no batch.
        var plan = SettlementPlan.Cut(close.Number, result.Payables.Where(payable => !payable.ToClaim), 0);
        report.Batches.Select(batch => (batch.Index, batch.Count, batch.TotalNano, batch.ListHash))
            .SequenceEqual(plan.Select(batch => (batch.Index, batch.Entries.Length, batch.Total.Value, Convert.ToHexStringLower(batch.ListHash)))).ShouldBeTrue();
        (result.Fee.Value + result.ReferralBonuses.Value + result.CarriedOver.Value + result.Participants.Sum(p => (decimal)p.Share.Value)).ShouldBe(result.Revenue.Value);
        return report;
    }
}
