using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>A participant of its own, staked and active, so that a test can read its figures exactly.</summary>
/// <param name="Address">Raw, as receipts have it.</param>
/// <param name="KeyFile">A file with the participant's API key.</param>
public sealed record Newcomer(string Address, string Key, string KeyFile, string Directory)
{
    public static Task<Newcomer> Join(LivePool live, string name) => Join(live.Pool, live.Operator, live.Chain, live.Wallets, live.Waiting, name);

    public static async Task<Newcomer> Join(RunningPool pool, PoolClient @operator, LocalChainClient chain, Wallets wallets, Waiting waiting, string name)
    {
        var wallet = await wallets.Create(name, CancellationToken.None);
        await chain.Faucet(wallet.Address, Ton.FromTon(500), CancellationToken.None);
        var participant = await @operator.Register(wallet.Address, CancellationToken.None);
        await wallets.Stake(name, pool.Deployment.Registry, Ton.Parse(participant.RequiredStakeNano), CancellationToken.None);
        await waiting.Until($"the stake of {name}", TimeSpan.FromSeconds(60), async () =>
            await @operator.Participant(wallet.Address, CancellationToken.None) is { State: "active" }, CancellationToken.None);
        var key = await @operator.CreateKey("participant", wallet.Address, name, CancellationToken.None);
        var directory = Path.Combine(pool.State.Agents, name);
        System.IO.Directory.CreateDirectory(directory);
        return new(wallet.Address, key.Key, pool.Secrets.Store($"{name}.key", key.Key), directory);
    }

    /// <summary>Waits until this many of the participant's tasks count in the current epoch, and no more.</summary>
    public Task HasCounted(LivePool live, int tasks) => HasCounted(live.Operator, live.Waiting, tasks);

    /// <inheritdoc cref="HasCounted(LivePool, int)"/>
    public async Task HasCounted(PoolClient pool, Waiting waiting, int tasks)
    {
        await waiting.Until($"{tasks} counted tasks", TimeSpan.FromSeconds(30), async () => await Counted(pool) >= tasks, CancellationToken.None);
        (await Counted(pool)).ShouldBe(tasks);
    }

    private async Task<long> Counted(PoolClient pool)
    {
        var epoch = (await pool.Stats(CancellationToken.None)).CurrentEpoch;
        return (await pool.Tallies(epoch.Number, CancellationToken.None)).FirstOrDefault(t => t.Participant == Address)?.Tasks ?? 0;
    }
}
