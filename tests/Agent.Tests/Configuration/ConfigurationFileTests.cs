using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Agent.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    private static readonly string Address = "0:" + new string('b', 64);

    private static readonly string Good = $"""
        worker:
          pool_url: https://pool.example
          participant_address: "{Address}"
          worker_id: my-worker
          coefficient: 1200
          gpu_devices: [0, 2]
          region: eu
          participant_key_file: keys/participant.key
          state_dir: /var/lib/worker
        models:
          - name: llama
            backend_url: http://127.0.0.1:8000
            backend_model: org/llama
            max_concurrency: 8
            max_context_length: 8192
          - name: demo
            backend_url: "demo:?token_ms=3"
        tee: {"{"} type: none {"}"}
        cocoon:
          stats_url: http://127.0.0.1:12000
        monitoring:
          metrics_port: 0
          heartbeat_interval: 10s
        """;

    [Fact]
    public void Parse_OfAWholeFile_ReadsEveryKey()
    {
        var (configuration, mistakes) = ConfigurationFile.Parse(Good, "/etc/cocoon");

        mistakes.ShouldBeEmpty();
        var worker = configuration!.Worker;
        worker.Participant.ShouldBe(TonAddress.Parse(Address));
        worker.Id!.Value.Value.ShouldBe("my-worker");
        worker.Coefficient.ShouldBe(1200);
        worker.GpuDevices.ShouldBe([0, 2]);
        worker.ParticipantKeyFile.ShouldBe("/etc/cocoon/keys/participant.key");
        worker.StateDirectory.ShouldBe("/var/lib/worker");
        configuration.Models[0].ShouldBe(new ModelSection("llama", new Uri("http://127.0.0.1:8000"), "org/llama", 8, 8192));
        configuration.Models[1].BackendUrl.OriginalString.ShouldBe("demo:?token_ms=3");
        configuration.Monitoring.HeartbeatInterval.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Parse_OfSeveralPoolAddresses_ReadsThemAll() =>
        ConfigurationFile.Parse(Good.Replace("https://pool.example", "[https://a.example, https://b.example]", StringComparison.Ordinal), "/tmp")
            .Configuration!.Worker.PoolUrls.ShouldBe([new Uri("https://a.example"), new Uri("https://b.example")]);

    [Fact]
    public void Parse_OfTheTemplateThatInitWrites_HasNoMistake() =>
        ConfigurationFile.Parse(ConfigurationTemplate.Write("http://127.0.0.1:5000", Address, "a \"model\"", "demo:"), "/tmp").Mistakes.ShouldBeEmpty();

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("\"http://[::1]:8080\"")]
    [InlineData("http://10.8.0.1\n  allow_plain_http: true")]
    public void Parse_OfPlainHttp_OnThisMachineOrWhenItIsAllowed_HasNoMistake(string url) =>
        ConfigurationFile.Parse(Good.Replace("https://pool.example", url, StringComparison.Ordinal), "/tmp").Mistakes.ShouldBeEmpty();

    [Theory]
    [InlineData("https://pool.example", "ftp://pool.example", "worker.pool_url")]
    [InlineData("https://pool.example", "[]", "worker.pool_url")]
    [InlineData("https://pool.example", "[https://a.example, ftp://b.example]", "worker.pool_url")]
    [InlineData("https://pool.example", "[https://a.example, https://A.example]", "worker.pool_url")]
    [InlineData("https://pool.example", "https://user:secret@pool.example", "worker.pool_url")]
    [InlineData("  pool_url: https://pool.example\n", "", "worker.pool_url")]
    [InlineData("https://pool.example", "http://pool.example", "worker.pool_url")]
    [InlineData("https://pool.example", "[https://a.example, \"http://10.0.0.5:8080\"]", "worker.pool_url")]
    [InlineData("https://pool.example", "http://127.0.0.1.pool.example", "worker.pool_url")]
    [InlineData("https://pool.example", "http://pool.example\n  allow_plain_http: false", "worker.pool_url")]
    [InlineData("https://pool.example", "https://pool.example\n  allow_plain_http: perhaps", "worker.allow_plain_http")]
    [InlineData("0:bb", "0:xx", "worker.participant_address")]
    [InlineData("my-worker", "My Worker", "worker.worker_id")]
    [InlineData("coefficient: 1200", "coefficient: 1.2", "worker.coefficient")]
    [InlineData("[0, 2]", "[0, 0]", "worker.gpu_devices")]
    [InlineData("[0, 2]", "[]", "worker.gpu_devices")]
    [InlineData("region: eu", "regoin: eu", "worker.regoin")]
    [InlineData("name: demo", "name: llama", "models[1].name")]
    [InlineData("demo:?token_ms=3", "demo:?speed=3", "models[1].backend_url")]
    [InlineData("max_concurrency: 8", "max_concurrency: 0", "models[0].max_concurrency")]
    [InlineData("type: none", "type: sgx", "tee.type")]
    [InlineData("http://127.0.0.1:12000", "12000", "cocoon.stats_url")]
    [InlineData("metrics_port: 0", "metrics_port: 70000", "monitoring.metrics_port")]
    [InlineData("10s", "10 parsecs", "monitoring.heartbeat_interval")]
    public void Parse_OfOneMistake_NamesItsKeyOnly(string right, string wrong, string key)
    {
        Good.ShouldContain(right);

        var (configuration, mistakes) = ConfigurationFile.Parse(Good.Replace(right, wrong, StringComparison.Ordinal), "/tmp");

        configuration.ShouldBeNull();
        mistakes.ShouldHaveSingleItem().Key.ShouldBe(key);
    }

    [Fact]
    public void Parse_OfManyMistakes_NamesThemAll()
    {
        var (_, mistakes) = ConfigurationFile.Parse("worker: { coefficient: -1, speed: 3 }\nmodels: []\nextra: 1\n", "/tmp");

        mistakes.Select(mistake => mistake.Key).ShouldBe(
            ["worker.participant_address", "worker.pool_url", "worker.coefficient", "worker.gpu_devices", "worker.speed", "models", "extra"], ignoreOrder: true);
    }

    [Fact]
    public void Parse_OfSomethingThatIsNoYaml_SaysTheLine() =>
        ConfigurationFile.Parse("worker:\n  a: [", "/tmp").Mistakes.ShouldHaveSingleItem().Line.ShouldBeGreaterThan(0);
}
