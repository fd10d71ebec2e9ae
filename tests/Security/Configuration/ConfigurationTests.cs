using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace CocoonPool.Security.Tests.Configuration;

public sealed class ConfigurationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cocoon-config-").FullName;
    private readonly Dictionary<string, string?> _good;

    public ConfigurationTests() => _good = new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Pool"] = "Host=db.internal;Username=app;Password=Zr8-uT4-pL0-wQ1;Database=cocoon;SSL Mode=VerifyFull",
        ["Pool:TicketKeyFile"] = Secret("ticket", Random(64)),
        ["Chain:GatewayTokenFile"] = Secret("token", Random(48)),
        ["Pool:OperatorKeyFile"] = Secret("operator", "ck_" + Random(43)),
        ["Auth:Domains:0"] = "pool.example",
        ["Silo:Listen"] = "https://0.0.0.0:443",
        ["Silo:MetricsListen"] = "http://127.0.0.1:9090",
    };

    [Fact]
    public void GoodConfiguration_HasNoFinding() => Find(_good).ShouldBeEmpty();

    [Theory]
    [InlineData("Pool:TicketKeyFile", "0000000000000000000000000000000000000000000000000000000000000000", "not random")]
    [InlineData("Pool:TicketKeyFile", "changeme", "64 hexadecimal")]
    [InlineData("Pool:TicketKeyFile", "", "empty")]
    [InlineData("Chain:GatewayTokenFile", "secret", "short")]
    [InlineData("Chain:GatewayTokenFile", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "not random")]
    public void SecretThatIsWeak_IsFound(string key, string content, string words) =>
        Find(new(_good) { [key] = Secret("weak", content) }).ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Key.ShouldBe(key), f => f.Problem.ShouldContain(words));

    [Theory]
    [InlineData("Pool:TicketKeyFile")]
    [InlineData("Chain:GatewayTokenFile")]
    public void SecretThatIsMissing_IsFound(string key)
    {
        Find(new(_good) { [key] = null }).ShouldHaveSingleItem().Key.ShouldBe(key);
        Find(new(_good) { [key] = Path.Combine(_directory, "nowhere") }).ShouldHaveSingleItem().Key.ShouldBe(key);
    }

    [Fact]
    public void SecretThatOthersCanRead_IsFound()
    {
        File.SetUnixFileMode(_good["Pool:TicketKeyFile"]!, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Find(_good).ShouldHaveSingleItem().Problem.ShouldContain("others can read");
    }

    [Theory]
    [InlineData("Orleans:Tls:KeyFile")]
    [InlineData("Kestrel:Certificates:Default:KeyPath")]
    public void PrivateKeyThatOthersCanRead_IsFound(string key)
    {
        var file = Secret("key", "-----BEGIN PRIVATE KEY-----");
        Find(new(_good) { [key] = file }).ShouldBeEmpty();
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Find(new(_good) { [key] = file }).ShouldHaveSingleItem().Key.ShouldBe(key);
    }

    [Theory]
    [InlineData("Host=db.internal;Username=app;Password=postgres;SSL Mode=VerifyFull", "default")]
    [InlineData("Host=db.internal;Username=pooladmin99x;Password=pooladmin99x;SSL Mode=VerifyFull", "default")]
    [InlineData("Host=db.internal;Username=app;Password=short;SSL Mode=VerifyFull", "fewer than")]
    [InlineData("Host=db.internal;Username=app;SSL Mode=VerifyFull", "without a password")]
    [InlineData("Host=db.internal;Username=app;Password=Zr8-uT4-pL0-wQ1", "without TLS")]
    public void Database_ThatOthersCouldReach_IsFound(string connection, string words) =>
        Find(new(_good) { ["ConnectionStrings:Pool"] = connection }).ShouldHaveSingleItem().Problem.ShouldContain(words);

    [Theory]
    [InlineData("Silo:Listen", "http://0.0.0.0:80")]
    [InlineData("Silo:MetricsListen", "http://10.0.0.1:9090")]
    [InlineData("Auth:Domains:0", "localhost")]
    [InlineData("Kestrel:Endpoints:Other:Url", "http://0.0.0.0:80")]
    [InlineData("Kestrel:Endpoints:Other:Url", "http://*:80")]
    [InlineData("Transport:BehindProxy", "true")]
    [InlineData("Transport:MinimumTls", "1.1")]
    [InlineData("Chain:GatewayUrl", "http://gateway.internal:8090")]
    public void OpenDoor_IsFound(string key, string value) => Find(new(_good) { [key] = value }).ShouldHaveSingleItem();

    [Theory]
    [InlineData("Kestrel:Endpoints:Other:Url", "https://0.0.0.0:8443")]
    [InlineData("Kestrel:Endpoints:Other:Url", "http://127.0.0.1:8081")]
    [InlineData("Transport:MinimumTls", "1.2")]
    [InlineData("Chain:GatewayUrl", "https://gateway.internal:8090")]
    [InlineData("Chain:GatewayUrl", "http://127.0.0.1:8090")]
    public void DoorThatIsShut_IsNoFinding(string key, string value) => Find(new(_good) { [key] = value }).ShouldBeEmpty();

    [Fact]
    public void Findings_NeverShowTheSecret() =>
        string.Concat(Find(new(_good) { ["Chain:GatewayTokenFile"] = Secret("weak", "hunter2hunter2"), ["ConnectionStrings:Pool"] = "Host=db;Password=hunter2" })).ShouldNotContain("hunter2");

    [Fact]
    public void Production_WithAnyFinding_RefusesToStart_AndNamesThemAll()
    {
        var configuration = Of(new(_good) { ["Pool:TicketKeyFile"] = null, ["Auth:Domains:0"] = "localhost" });

        var refusal = Should.Throw<InvalidOperationException>(() => ConfigurationCheck.MustPass(new Environment("Production"), configuration));

        refusal.Message.ShouldContain("Pool:TicketKeyFile");
        refusal.Message.ShouldContain("Auth:Domains");
        Should.NotThrow(() => ConfigurationCheck.MustPass(new Environment("Development"), configuration));
    }

    [Theory]
    [InlineData("Silo:Listen", "http://0.0.0.0:1", "Silo:Listen")]
    [InlineData("Silo:Listen", "http://+:1", "Silo:Listen")]
    [InlineData("Silo:MetricsListen", "http://10.0.0.1:9090", "Silo:MetricsListen")]
    [InlineData("Chain:GatewayUrl", "https://gateway.example", "Chain:GatewayUrl")]
    [InlineData("Kestrel:Endpoints:Other:Url", "http://0.0.0.0:1", "Kestrel:Endpoints")]
    [InlineData("Orleans:Advertise", "10.0.0.1", "Orleans:Advertise")]
    [InlineData("Pool:Network", "Mainnet", "Mainnet")]
    public void LoadTestProfile_WithOneSettingThatOthersCouldReach_RefusesToStart(string key, string value, string named) =>
        Should.Throw<InvalidOperationException>(() => ConfigurationCheck.MustPass(new Environment("Development"), LoadTest(new() { [key] = value })))
            .Message.ShouldContain(named);

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void LoadTestProfile_OutsideDevelopment_RefusesToStart(string environment) =>
        Should.Throw<InvalidOperationException>(() => ConfigurationCheck.MustPass(new Environment(environment), LoadTest([]))).Message.ShouldContain(environment);

    [Fact]
    public void LoadTestProfile_OnOneDevelopersMachine_Starts() =>
        Should.NotThrow(() => ConfigurationCheck.MustPass(new Environment("Development"), LoadTest([])));

    private static IConfiguration LoadTest(Dictionary<string, string?> changed)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Pool:Profile"] = "LoadTest",
            ["Pool:Network"] = "Local",
            ["Silo:Listen"] = "http://127.0.0.1:8080",
            ["Silo:MetricsListen"] = "http://localhost:9090",
            ["Chain:GatewayUrl"] = "http://127.0.0.1:8090",
        };
        foreach (var (key, value) in changed)
            settings[key] = value;
        return Of(settings);
    }

    [Fact]
    public void Listener_ThatIsPlainAndPublic_IsRefusedUnlessAProxyEndsTls()
    {
        var open = new Uri("http://0.0.0.0:80");
        Should.Throw<InvalidOperationException>(() => TransportGuard.Check(new Environment("Production"), Of([]), open));
        Should.NotThrow(() => TransportGuard.Check(new Environment("Production"), Of(new(StringComparer.Ordinal) { ["Transport:BehindProxy"] = "true" }), open));
    }

    [Fact]
    public void Shown_ConfigurationHasNoPassword()
    {
        var shown = string.Join('\n', Silo.Admin.ConfigurationEndpoints.Show(Of(_good)).Select(p => $"{p.Key}={p.Value}"));

        shown.ShouldContain("db.internal");
        shown.ShouldNotContain("Zr8-uT4");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static IReadOnlyList<ConfigurationFinding> Find(Dictionary<string, string?> settings) => ConfigurationCheck.Find(Of(settings), development: false);

    private static IConfiguration Of(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static string Random(int digits) => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes((digits + 1) / 2))[..digits];

    private string Secret(string name, string content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
