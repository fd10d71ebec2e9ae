using System.Text;
using System.Text.Json;
using CocoonPool.Admin.Tests.Fixtures;
using CocoonPool.Client.Admin.Reporting;
using CocoonPool.Verifier;

namespace CocoonPool.Admin.Tests;

public sealed class VerifyEpochTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task GoodBundle_ShowsEachSharePayableRootAndHashes_AndEndsWith0()
    {
        var run = await Run.Admin("verify-epoch", Good(), "--hash", Bundles.Hash);

        run.Code.ShouldBe(0, run.Error);
        var expected = EpochVerifier.Verify(Bundles.Good);
        expected.Participants.Length.ShouldBe(3);
        foreach (var participant in expected.Participants)
        {
            var line = run.Output.Split('\n').Single(line => line.StartsWith(participant.Address, StringComparison.Ordinal));
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .ShouldBe([participant.Address, participant.Eligible ? "yes" : "no", Ton.Show(participant.ShareNano), Ton.Show(participant.PayableNano), participant.PayoutAddress]);
        }

        run.Output.ShouldContain(expected.MerkleRoot);
        run.Output.ShouldContain(expected.Batches.Single().ListHash);
        run.Output.ShouldContain(Bundles.Hash);
        run.Output.ShouldContain("1000.000000000 TON");
        run.Output.ShouldContain("ok All that can be recomputed");
    }

    [Fact]
    public async Task GoodBundle_AsJson_HasAmountsAsText()
    {
        var run = await Run.Admin("verify-epoch", Good(), "--json");

        run.Code.ShouldBe(0);
        var report = JsonDocument.Parse(run.Output).RootElement;
        report.GetProperty("ok").GetBoolean().ShouldBeTrue();
        report.GetProperty("revenue_nano").GetString().ShouldBe("1000000000000");
        report.GetProperty("participants")[0].GetProperty("share_nano").GetString().ShouldBe(Bundles.Result.Participants[0].Share.ToString());
        report.GetProperty("bundle_hash").GetString().ShouldBe(Bundles.Hash);
    }

    [Theory]
    [InlineData("\"fee_bps\":\"500\"", "\"fee_bps\":\"400\"", "bundle.fee_nano: expected 40000000000, found 50000000000.")]
    [InlineData("\"tasks\":\"1000\"", "\"tasks\":\"1001\"", "bundle.participants[0].weight: expected")]
    [InlineData("\"schedule\":\"every_epoch\",\"share_nano\":\"", "\"schedule\":\"claim\",\"share_nano\":\"", "bundle.participants[0].payable_index: expected")]
    [InlineData("\"format\":\"cocoon-pool-epoch-bundle/3\"", "\"format\":\"cocoon-pool-epoch-bundle/4\"", "bundle.format")]
    public async Task TamperedBundle_NamesTheDifference_AndEndsWith1(string genuine, string forged, string named)
    {
        var text = Encoding.UTF8.GetString(Bundles.Good);
        var at = text.IndexOf(genuine, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0);
        var path = _directory.Write("forged.json", text[..at] + forged + text[(at + genuine.Length)..]);

        var run = await Run.Admin("verify-epoch", path);

        run.Code.ShouldBe(1);
        run.Output.ShouldContain("x " + named);
        run.Output.ShouldNotContain("ok All");
        (await Run.Admin("verify-epoch", path, "--json")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task SeveralDifferences_AreAllNamed()
    {
        var root = Convert.ToHexStringLower(Bundles.Result.MerkleRoot);
        var text = Encoding.UTF8.GetString(Bundles.Good).Replace(root, new string('0', 64)).Replace("\"fee_nano\":\"50000000000\"", "\"fee_nano\":\"50000000001\"");
        var path = _directory.Write("forged.json", text);

        var run = await Run.Admin("verify-epoch", path);

        run.Output.ShouldContain("x bundle.fee_nano: expected 50000000000, found 50000000001.");
        run.Output.ShouldContain($"x bundle.merkle_root: expected {root}, found {new string('0', 64)}.");
    }

    [Fact]
    public async Task BytesThatAreNoBundle_AreRefusedInWords()
    {
        var run = await Run.Admin("verify-epoch", _directory.Write("cut.json", Bundles.Good[..^9]));
        run.Code.ShouldBe(1);
        run.Output.ShouldContain("x ");
        run.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherHash_IsADifference()
    {
        var run = await Run.Admin("verify-epoch", Good(), "--hash", new string('0', 64));
        run.Code.ShouldBe(1);
        run.Output.ShouldContain($"x hash of the bundle: expected {new string('0', 64)}, found {Bundles.Hash}.");
    }

    [Fact]
    public async Task HashThatIsNone_IsWrongUsage()
    {
        var run = await Run.Admin("verify-epoch", Good(), "--hash", "abc");
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("64 hexadecimal digits");
    }

    [Fact]
    public async Task MissingFile_IsWrongUsage_AndSaysHowToGetOne()
    {
        var run = await Run.Admin("verify-epoch", _directory.In("nothing.json"));
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("epoch bundle N --out FILE");
    }

    private string Good() => _directory.Write("good.json", Bundles.Good);
}
