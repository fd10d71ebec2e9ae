using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Link;

namespace CocoonPool.Agent.Tests.Transport;

/// <summary>What an agent's file has to say before it becomes an Orleans client.</summary>
public sealed class ClusterConfigurationTests
{
    [Fact]
    public void Transport_Orleans_IsRefusedByAnAgentOfTheLocalEngine()
    {
        Assert.SkipUnless(ClusterTransport.Unavailable is not null, "This agent is built for the Orleans engine.");

        Mistakes("transport: orleans, gateways: ['127.0.0.1:30000']").ShouldHaveSingleItem().ShouldContain("built for the local engine");
    }

    [Theory]
    [InlineData("transport: orleans, gateways: ['127.0.0.1:30000']", null)]
    [InlineData("transport: orleans", "worker.gateways")]
    [InlineData("transport: orleans, gateways: ['silo-1']", "worker.gateways")]
    [InlineData("transport: orleans, gateways: ['10.0.0.5:30000']", "worker.tls")]
    [InlineData("transport: orleans, gateways: ['10.0.0.5:30000'], tls: { certificate_file: a, key_file: b, authority_file: c }", null)]
    [InlineData("transport: orleans, gateways: ['127.0.0.1:30000'], tls: { certificate_file: a }", "worker.tls")]
    public void Transport_Orleans_NeedsGateways_AndMutualTlsForOtherMachines(string settings, string? key)
    {
        Assert.SkipUnless(ClusterTransport.Unavailable is null, "This agent is built for the local engine.");

        if (key is null)
            Mistakes(settings).ShouldBeEmpty();
        else
            Mistakes(settings).ShouldHaveSingleItem().ShouldStartWith(key);
    }

    [Fact]
    public void Transport_OfAnotherName_IsAMistake() => Mistakes("transport: carrier-pigeon").ShouldHaveSingleItem().ShouldStartWith("worker.transport");

    private static string[] Mistakes(string settings) => [.. ConfigurationFile.Parse($$"""
        worker: { pool_url: "http://127.0.0.1:1", participant_address: "0:{{new string('c', 64)}}", gpu_devices: [0], {{settings}} }
        models: [{ name: m, backend_url: "demo:" }]
        """, "/tmp").Mistakes.Select(mistake => mistake.ToString())];
}
