using System.Net;
using System.Net.Sockets;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Workspace;

public sealed class SiloPortsTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Keep_AtALaterStart_AnswersTheSamePorts()
    {
        SiloPorts[] first = [SiloPorts.Keep(_state.Directory, 1, null), SiloPorts.Keep(_state.Directory, 2, null)];

        SiloPorts.Keep(_state.Directory, 2, null).ShouldBe(first[1]);
        SiloPorts.Keep(_state.Directory, 1, null).ShouldBe(first[0]);
        first.SelectMany(silo => (int[])[silo.Http, silo.Metrics, silo.Cluster, silo.Gateway]).Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public void Keep_WhenAKeptPortIsInUse_ChoosesAnotherForItAlone()
    {
        var before = SiloPorts.Keep(_state.Directory, 1, null);
        using var stranger = new TcpListener(IPAddress.Loopback, before.Cluster);
        stranger.Start();

        var after = SiloPorts.Keep(_state.Directory, 1, null);

        after.Cluster.ShouldNotBe(before.Cluster);
        (after with { Cluster = before.Cluster }).ShouldBe(before);
    }

    [Fact]
    public void Keep_WithANamedPort_TakesIt() => SiloPorts.Keep(_state.Directory, 1, 1).Http.ShouldBe(1);

    [Theory]
    [InlineData("local", 1, null)]
    [InlineData("orleans", 2, null)]
    [InlineData("local", 2, "--engine orleans")]
    [InlineData("orleans", 0, "1 to 8")]
    [InlineData("orleans", 9, "1 to 8")]
    public void Count_OfMoreThanOne_NeedsTheEngineOfClusters(string engine, int silos, string? words)
    {
        var mistake = SiloCount.Mistake(engine, silos);

        if (words is null)
            mistake.ShouldBeNull();
        else
            mistake.ShouldNotBeNull().ShouldContain(words);
    }
}
