using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Tests.Host;

namespace CocoonPool.Grains.Tests.Pool;

/// <summary>Pause, maintenance and the end, each asked again when its answer was lost.</summary>
public sealed class StateTests : IAsyncLifetime
{
    private PoolHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PoolHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Command_AskedAgain_IsAnsweredAsTheFirstTime_AlsoAfterARestart()
    {
        await Twice(pool => pool.Pause("fire"), PoolState.Paused);
        await _host.Restart();
        await Twice(pool => pool.Pause("fire"), PoolState.Paused);
        await Twice(pool => pool.Resume(), PoolState.Active);
        await Twice(pool => pool.StartMaintenance("disks"), PoolState.Maintenance);
        await Twice(pool => pool.EndMaintenance(), PoolState.Active);
        await Twice(pool => pool.Close("the end"), PoolState.Closed);
    }

    [Fact]
    public async Task Command_ThatIsNoRepeat_IsRefusedByName()
    {
        (await _host.Pool.Resume()).Message.ShouldContain("pool_not_paused");
        await _host.Pool.Pause("fire");
        (await _host.Pool.Pause("flood")).Message.ShouldContain("pool_already_paused");
        (await _host.Pool.StartMaintenance("fire")).Message.ShouldContain("pool_paused");
        (await _host.Pool.Pause("fire")).Accepted.ShouldBeTrue("a refusal in between makes it no other command");
    }

    private async Task Twice(Func<IPoolGrain, Task<Outcome>> command, PoolState state)
    {
        for (var i = 0; i < 2; i++)
        {
            (await command(_host.Pool)).ShouldBe(Outcome.Done);
            (await _host.Pool.Terms())!.State.ShouldBe(state);
        }
    }
}
