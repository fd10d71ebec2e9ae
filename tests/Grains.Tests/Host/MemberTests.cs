namespace CocoonPool.Grains.Tests.Host;

/// <summary>Tests of a pool with one participant, who has a stake and an active worker.</summary>
public abstract class MemberTests : IAsyncLifetime
{
    private protected PoolHost Host { get; private set; } = null!;

    private protected Member Someone { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Host = await PoolHost.Start();
        Someone = await Member.Join(Host, 1);
    }

    public async ValueTask DisposeAsync()
    {
        Someone.Dispose();
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
