using CocoonPool.Client.Launcher.Reporting;

namespace CocoonPool.EndToEnd.Tests.Fixtures;

/// <summary>A participant of its own, staked and active, so that a test can read its figures exactly.</summary>
/// <param name="Address">Raw, as receipts have it.</param>
/// <param name="KeyFile">A file with the participant's API key.</param>
public sealed record Newcomer(string Address, string Key, string KeyFile, string Directory)
{
    public static async Task<Newcomer> Join(LivePool live, string name)
    {
        var wallet = await live.Wallets.Create(name, CancellationToken.None);
        await live.Chain.Faucet(wallet.Address, Ton.FromTon(500), CancellationToken.None);
        var participant = await live.Operator.Register(wallet.Address, CancellationToken.None);
        await live.Wallets.Stake(name, live.Pool.Deployment.Registry, Ton.Parse(participant.RequiredStakeNano), CancellationToken.None);
        await live.Waiting.Until($"the stake of {name}", TimeSpan.FromSeconds(60), async () =>
            await live.Operator.Participant(wallet.Address, CancellationToken.None) is { State: "active" }, CancellationToken.None);
        var key = await live.Operator.CreateKey("participant", wallet.Address, name, CancellationToken.None);
        var directory = Path.Combine(live.Pool.State.Agents, name);
        System.IO.Directory.CreateDirectory(directory);
        return new(wallet.Address, key.Key, live.Pool.Secrets.Store($"{name}.key", key.Key), directory);
    }

    /// <summary>Waits until this many of the participant's tasks count in the current epoch, and no more.</summary>
    public async Task HasCounted(LivePool live, int tasks)
    {
        await live.Waiting.Until($"{tasks} counted tasks", TimeSpan.FromSeconds(30), async () => await Counted(live) >= tasks, CancellationToken.None);
        (await Counted(live)).ShouldBe(tasks);
    }

    private async Task<long> Counted(LivePool live)
    {
        var epoch = (await live.Operator.Stats(CancellationToken.None)).CurrentEpoch;
        return (await live.Operator.Tallies(epoch.Number, CancellationToken.None)).FirstOrDefault(t => t.Participant == Address)?.Tasks ?? 0;
    }
}
