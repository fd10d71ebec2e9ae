using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>Brings the demo's participants into the pool: wallet, registration, stake, worker agent.</summary>
public sealed class DemoJoining(
    Checkout checkout, RunningPool pool, PoolClient client, LocalChainClient chain, Wallets wallets, Waiting waiting, Report report)
{
    /// <summary>What the faucet gives each participant, in TON: their stake and something to live on.</summary>
    private const long StartTon = 500;

    public async Task<IReadOnlyList<DemoMember>> Join(DemoOptions options, CancellationToken cancel)
    {
        var members = await report.Step($"{options.Participants} participants join and stake", () => Stake(options, cancel));
        await report.Step($"{members.Count} worker agents connect", () => Connect(members, options, cancel));
        return members;
    }

    private async Task<IReadOnlyList<DemoMember>> Stake(DemoOptions options, CancellationToken cancel)
    {
        var members = new List<DemoMember>();
        for (var i = 0; i < options.Participants; i++)
        {
            var name = DemoMember.NameOf(i);
            members.Add(new(name, await wallets.Create(name, cancel), DemoMember.GpusOf(i)));
        }

        // Each has a wallet of their own, so the stakes are on their way at the same time.
        await Task.WhenAll(members.Select(async member =>
        {
            await chain.Faucet(member.Wallet.Address, Ton.FromTon(StartTon), cancel);
            var participant = await client.Register(member.Wallet.Address, cancel);
            await wallets.Stake(member.Name, pool.Deployment.Registry, Ton.Parse(participant.RequiredStakeNano), cancel);
        }));
        foreach (var member in members)
        {
            await waiting.For($"the stake of {member.Name}", TimeSpan.FromSeconds(60), async () =>
                await client.Participant(member.Wallet.Address, cancel) is { State: "active" } active ? active : null, cancel);
        }
        return members;
    }

    private async Task Connect(IReadOnlyList<DemoMember> members, DemoOptions options, CancellationToken cancel)
    {
        var agents = new AgentService(checkout, pool.State, pool.Secrets);
        await Task.WhenAll(members.Select(async member =>
        {
            var key = await client.CreateKey("participant", member.Wallet.Address, member.Name, cancel);
            await pool.Supervisor.Start(agents.For(member, pool.SiloUrls, key.Key, options.Models, options.GrainCalls ? pool.Gateways : null), cancel);
        }));
        await waiting.For("all workers to be active", TimeSpan.FromSeconds(60), async () =>
        {
            var workers = await client.Workers(cancel);
            return members.All(m => workers.Any(w => w.Id == m.WorkerId && w is { State: "active", Connected: true })) ? workers : null;
        }, cancel);
    }
}
