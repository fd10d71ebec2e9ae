using System.Text;
using CocoonPool.Admin.Tests.Fixtures;

namespace CocoonPool.Admin.Tests;

public sealed class BundleTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Bundle_IsWrittenByteForByte_AndVerifies()
    {
        await using var pool = await Pool(Bundles.Hash);
        var path = _directory.In("epoch-7.json");

        var run = await Run.Operator(pool, "epoch", "bundle", "7", "--out", path);

        run.Code.ShouldBe(0, run.Error);
        run.Output.ShouldContain(Bundles.Hash);
        File.ReadAllBytes(path).ShouldBe(Bundles.Good);
        pool.Asked.ShouldAllBe(asked => asked.Authorization == "");
        (await Run.Admin("verify-epoch", path, "--hash", Bundles.Hash)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task BundleWithAnotherHashThanRecorded_EndsWith1()
    {
        await using var pool = await Pool(new string('0', 64));
        var run = await Run.Operator(pool, "epoch", "bundle", "7", "--out", _directory.In("epoch-7.json"));
        run.Code.ShouldBe(1);
        run.Error.ShouldContain(Bundles.Hash);
        run.Error.ShouldContain(new string('0', 64));
    }

    [Fact]
    public async Task FileThatIsThere_IsNotOverwritten()
    {
        await using var pool = await Pool(Bundles.Hash);
        var path = _directory.Write("mine.json", "mine");
        var run = await Run.Operator(pool, "epoch", "bundle", "7", "--out", path);
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("--out");
        File.ReadAllText(path).ShouldBe("mine");
    }

    [Fact]
    public async Task EpochWithoutABundle_WritesNothing()
    {
        await using var pool = await FakePool.Start();
        pool.Refuse("GET /api/v1/epochs/7/bundle.json", 404, "not_found", "Epoch 7 has no bundle.");
        (await Run.Operator(pool, "epoch", "bundle", "7", "--out", _directory.In("epoch-7.json"))).Code.ShouldBe(1);
        File.Exists(_directory.In("epoch-7.json")).ShouldBeFalse();
    }

    private static Task<FakePool> Pool(string hash) => FakePool.Start(
        "GET /api/v1/epochs/7/bundle.json", Encoding.UTF8.GetString(Bundles.Good),
        "GET /api/v1/epochs/7", $$"""{"number":7,"bundle_hash":"{{hash}}"}""");
}
