using System.Net;
using System.Net.Sockets;
using CocoonPool.Admin.Tests.Fixtures;

namespace CocoonPool.Admin.Tests;

/// <summary>Each kind of failure has an exit code and says what to do.</summary>
public class FailureTests
{
    [Fact]
    public async Task NobodyAnswers_EndsWith3()
    {
        // Bound, but not listening: the connection is refused, and no other test gets the port.
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)held.LocalEndPoint!).Port;

        var run = await Run.Admin("status", "--url", $"http://127.0.0.1:{port}");

        run.Code.ShouldBe(3);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain($"No pool answers at http://127.0.0.1:{port}/");
        run.Error.ShouldContain("./cocoon up");
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(502, "<html>Bad gateway</html>")]
    [InlineData(302, "")]
    public async Task SomethingThatIsNoPool_EndsWith3(int status, string body)
    {
        await using var pool = await FakePool.Start();
        pool.Answer("GET /api/v1/pool/stats", body, status);
        var run = await Run.Operator(pool, "status");
        run.Code.ShouldBe(3);
        run.Error.ShouldContain("does not speak the pool's API");
    }

    [Theory]
    [InlineData(401, "unauthorized", "not, or no longer, valid")]
    [InlineData(403, "forbidden", "Another role is needed")]
    [InlineData(404, "not_found", "There is no worker")]
    [InlineData(409, "illegal_transition", "illegal_transition, HTTP 409")]
    [InlineData(503, "service_unavailable", "Try again in a moment")]
    public async Task Refusal_EndsWith1_InThePoolsWords(int status, string code, string advice)
    {
        await using var pool = await FakePool.Start();
        pool.Refuse("POST /api/v1/workers/w1/activate", status, code, "There is no worker 'w1'.");

        var run = await Run.Operator(pool, "worker", "activate", "w1");

        run.Code.ShouldBe(1);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("There is no worker 'w1'.");
        run.Error.ShouldContain(advice);
        run.Error.ShouldNotContain(" at CocoonPool");
    }

    [Fact]
    public async Task Refusal_WithJson_PrintsTheErrorUntouched()
    {
        await using var pool = await FakePool.Start();
        const string body = """{"error":{"code":"not_found","message":"Epoch 9 has not begun.","details":{}}}""";
        pool.Answer("GET /api/v1/epochs/9", body, 404);
        var run = await Run.Operator(pool, "epoch", "show", "9", "--json");
        run.Code.ShouldBe(1);
        run.Output.ShouldBe(body + Environment.NewLine);
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("worker", "status")]
    [InlineData("worker", "quarantine", "w1")]
    [InlineData("settlement", "freeze", "1")]
    [InlineData("epoch", "show", "0")]
    [InlineData("epoch", "show", "seven")]
    [InlineData("epoch", "bundle", "7")]
    [InlineData("ledger", "show", "--limit", "0")]
    [InlineData("payment", "status")]
    [InlineData("status", "--what")]
    [InlineData("nonsense")]
    public async Task WrongUsage_EndsWith2_AndAsksNobody(params string[] arguments)
    {
        await using var pool = await FakePool.Start();
        var run = await Run.Operator(pool, arguments);
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("--help");
        pool.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoKey_EndsWith2_AndSaysHowToNameOne()
    {
        await using var pool = await FakePool.Start();
        var run = await Run.Admin("worker", "list", "--url", pool.Url);
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("--key-file");
        pool.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task UnreadableOrEmptyKeyFile_EndsWith2()
    {
        using var directory = new TemporaryDirectory();
        (await Run.Admin("worker", "list", "--key-file", directory.In("none"))).Code.ShouldBe(2);
        (await Run.Admin("worker", "list", "--key-file", directory.Write("empty", " \n"))).Error.ShouldContain("holds no API key");
        (await Run.Admin("worker", "list", "--key-file", directory.Write("two", "ck_a\nck_b"))).Code.ShouldBe(2);
    }

    [Fact]
    public async Task KeyOverPlainHttpToAnotherMachine_IsNotSent()
    {
        using var directory = new TemporaryDirectory();
        var run = await Run.Admin("worker", "list", "--url", "http://pool.example", "--key-file", directory.Write("key", FakePool.Key));
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("use https");
    }

    [Theory]
    [InlineData("pool.example")]
    [InlineData("ftp://pool.example")]
    public async Task AddressThatIsNone_EndsWith2(string url)
    {
        var run = await Run.Admin("status", "--url", url);
        run.Code.ShouldBe(2);
        run.Error.ShouldContain("no address of a pool");
    }
}
