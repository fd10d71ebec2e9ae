using CocoonPool.Grains.Routing;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Routing;

public sealed class RouterTests
{
    [Fact]
    public async Task Snapshot_WhenRouterAndWorkersStartAnewBesideOpenStreams_KnowsThemBeforeAnyHeartbeat()
    {
        await using var host = await PoolHost.Start();
        using var connected = await Member.Join(host, 1);
        using var gone = await Member.Join(host, 2);

        host.Links.Open.Remove(gone.StreamId);
        await host.Restart();

        var table = await host.Grains.GetGrain<IRouterGrain>(PoolHost.PoolId).Snapshot();
        table.Routes.Select(r => r.Worker).ShouldBe([connected.WorkerId]);
    }
}
