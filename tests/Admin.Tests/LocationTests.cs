using CocoonPool.Admin.Tests.Fixtures;

namespace CocoonPool.Admin.Tests;

/// <summary>Which pool is asked, and with which key.</summary>
public sealed class LocationTests : IDisposable
{
    private const string Empty = """{"data":[],"pagination":{"next_cursor":null,"has_more":false,"total":0}}""";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task RunningPoolOfTheCheckout_IsFoundWithItsKey()
    {
        await using var pool = await FakePool.Start("GET /api/v1/workers?limit=1000", Empty);
        RecordRunning(".cocoon/pool", pool);

        var run = await Run.Admin(new Dictionary<string, string> { ["COCOON_ROOT"] = _directory.Path }, "worker", "list");

        run.Code.ShouldBe(0, run.Error);
        run.Output.ShouldContain("There are no such workers.");
        pool.Asked.Single().Authorization.ShouldBe("Bearer ck_local");
    }

    [Fact]
    public async Task StateFolder_CanBeNamed()
    {
        await using var pool = await FakePool.Start("GET /api/v1/workers?limit=1000", Empty);
        RecordRunning("elsewhere", pool);
        (await Run.Admin("worker", "list", "--state", _directory.In("elsewhere"))).Code.ShouldBe(0);
        pool.Asked.Single().Authorization.ShouldBe("Bearer ck_local");
    }

    [Fact]
    public async Task GivenAddressAndKey_WinOverTheEnvironmentAndTheRunningPool()
    {
        await using var pool = await FakePool.Start("GET /api/v1/workers?limit=1000", Empty);
        await using var other = await FakePool.Start();
        RecordRunning(".cocoon/pool", other);
        var environment = new Dictionary<string, string> { ["COCOON_ROOT"] = _directory.Path, ["COCOON_URL"] = other.Url, ["COCOON_OPERATOR_KEY_FILE"] = _directory.Write("a", "ck_other") };

        var run = await Run.Admin(environment, "worker", "list", "--url", pool.Url + "/", "--key-file", _directory.Write("b", "ck_given"));

        run.Code.ShouldBe(0, run.Error);
        pool.Asked.Single().Authorization.ShouldBe("Bearer ck_given");
        other.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task KeyOfThisMachinesPool_IsNotTakenForAnAddressElsewhere()
    {
        _directory.Write(".cocoon/pool/secrets/operator.key", "ck_local");
        var run = await Run.Admin(new Dictionary<string, string> { ["COCOON_ROOT"] = _directory.Path }, "worker", "list", "--url", "https://pool.example");
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("--key-file");
    }

    [Fact]
    public async Task SeveralAddresses_TheFirstThatCanBeReachedIsAsked()
    {
        await using var pool = await FakePool.Start("GET /api/v1/workers?limit=1000", Empty);

        var run = await Run.Admin("worker", "list", "--url", $"http://127.0.0.1:1, {pool.Url}", "--key-file", _directory.Write("k", "ck_given"));

        run.Code.ShouldBe(0, run.Error);
        pool.Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task SilosOfTheRunningPool_AreAskedInTurn()
    {
        await using var pool = await FakePool.Start("GET /api/v1/workers?limit=1000", Empty);
        RecordRunning("cluster", pool, "silo-2");
        _directory.Write("cluster/run/silo.json", """{"name":"silo","order":4,"port":1}""");

        var run = await Run.Admin("worker", "list", "--state", _directory.In("cluster"));

        run.Code.ShouldBe(0, run.Error);
    }

    [Fact]
    public async Task PublicFigures_AreAskedWithoutAKey()
    {
        await using var pool = await FakePool.Start("GET /api/v1/epochs?limit=1000", Empty);
        (await Run.Operator(pool, "epoch", "list")).Code.ShouldBe(0);
        pool.Asked.Single().Authorization.ShouldBeEmpty();
    }

    private void RecordRunning(string state, FakePool pool, string silo = "silo")
    {
        _directory.Write($"{state}/run/{silo}.json", $$"""{"name":"{{silo}}","order":4,"port":{{new Uri(pool.Url).Port}}}""");
        _directory.Write(state + "/secrets/operator.key", "ck_local\n");
    }
}
