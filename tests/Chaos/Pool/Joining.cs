using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Chaos.Pool;

/// <summary>Brings members with a stake and an agent each into the pool, and a client with a prepaid balance.</summary>
public sealed class Joining(Checkout checkout, ChaosPool pool, PoolClient client, LocalChainClient chain, Wallets wallets, TimeProvider time)
{
    /// <summary>What the faucet gives to everybody, in TON.</summary>
    private const long StartTon = 500;

    private const long PrepaidTon = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Waiting _waiting = new(time);

    public async Task<IReadOnlyList<Member>> Join(int count, CancellationToken cancel)
    {
        var members = new List<DemoMember>();
        for (var i = 0; i < count; i++)
            members.Add(new(DemoMember.NameOf(i), await wallets.Create(DemoMember.NameOf(i), cancel), DemoMember.GpusOf(i)));
        await Task.WhenAll(members.Select(member => Stake(member, cancel)));
        var agents = new AgentService(checkout, pool.State, pool.Secrets);
        foreach (var member in members)
        {
            await _waiting.Until($"the stake of {member.Name}", Patience, async () => (await client.Participant(member.Wallet.Address, cancel)).State == "active", cancel);
            var key = await client.CreateKey("participant", member.Wallet.Address, member.Name, cancel);
            await pool.StartKept(pool.Clocks.WithClock(agents.For(member, [pool.Links.Workers.Url], key.Key, [ChaosSettings.Model])), cancel);
        }

        Member[] joined = [.. members.Select(member => new Member(member.Name, RawAddress.Of(member.Wallet.Address), member.Gpus))];
        await AllWork(joined, Patience, cancel);
        return joined;
    }

    /// <summary>Waits until every worker is active and connected.</summary>
    public Task AllWork(IReadOnlyList<Member> members, TimeSpan limit, CancellationToken cancel) => _waiting.Until("all workers to be active", limit, async () =>
    {
        var workers = await client.Workers(cancel);
        return members.All(m => workers.Any(w => w.Id == m.Worker && w is { State: "active", Connected: true }));
    }, cancel);

    /// <summary>The key of a client that pays in advance.</summary>
    public async Task<string> PrepaidClient(CancellationToken cancel)
    {
        var key = await client.CreateKey("client", ChaosSettings.Client, "chaos", cancel);
        var payer = await wallets.Create("payer", cancel);
        await chain.Faucet(payer.Address, Ton.FromTon(StartTon), cancel);
        await wallets.Send("payer", pool.Deployment.Distribution, Ton.FromTon(PrepaidTon), $"client:{ChaosSettings.Client}", cancel);
        return key.Key;
    }

    private async Task Stake(DemoMember member, CancellationToken cancel)
    {
        await chain.Faucet(member.Wallet.Address, Ton.FromTon(StartTon), cancel);
        var participant = await client.Register(member.Wallet.Address, cancel);
        await wallets.Stake(member.Name, pool.Deployment.Registry, Ton.Parse(participant.RequiredStakeNano), cancel);
    }
}
