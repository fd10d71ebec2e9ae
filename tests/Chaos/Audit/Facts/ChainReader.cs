using CocoonPool.Chaos.Pool;
using CocoonPool.Client.Launcher.Chain;

namespace CocoonPool.Chaos.Audit.Facts;

/// <summary>Reads the facts from the chain's public interface, past the pool and its gateway.</summary>
public sealed class ChainReader(LocalChainClient chain, Deployment deployment)
{
    private readonly string _distribution = RawAddress.Of(deployment.Distribution);
    private readonly string _operator = RawAddress.Of(deployment.OperatorWallet);

    /// <param name="vaults">Raw addresses.</param>
    public async Task<ChainFacts> Read(IEnumerable<int> epochs, IReadOnlyList<Member> members, IEnumerable<string> vaults, CancellationToken cancel)
    {
        var deposits = (await Arrivals(deployment.Distribution, cancel)).Where(arrival => arrival.From != _operator && arrival.AmountNano > 0).ToList();
        var told = new Dictionary<int, ChainEpoch>();
        foreach (var epoch in epochs)
            told[epoch] = await chain.Epoch(deployment.Distribution, epoch, cancel);
        var payouts = new Dictionary<string, IReadOnlyList<Arrival>>(StringComparer.Ordinal);
        foreach (var member in members)
            payouts[member.Address] = [.. (await Arrivals(member.Address, cancel)).Where(arrival => arrival.From == _distribution)];
        var held = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var vault in vaults)
            held[vault] = await chain.Balance(vault, cancel);
        return new(deposits, await chain.Balance(deployment.Distribution, cancel), await Stakes(members, cancel), held, told, payouts);
    }

    /// <summary>The registry sends to stake accounts, and what is left over back to those who sent it something: members and the operator.</summary>
    private async Task<long> Stakes(IReadOnlyList<Member> members, CancellationToken cancel)
    {
        var people = members.Select(member => RawAddress.Of(member.Address)).Append(_operator).ToHashSet(StringComparer.Ordinal);
        var accounts = (await chain.AllTransactions(deployment.Registry, cancel)).SelectMany(t => t.Destinations).Select(RawAddress.Of).Distinct(StringComparer.Ordinal).Where(a => !people.Contains(a));
        var sum = 0L;
        foreach (var account in accounts)
            sum += await chain.Balance(account, cancel);
        return sum;
    }

    private async Task<IReadOnlyList<Arrival>> Arrivals(string address, CancellationToken cancel) =>
        [.. (await chain.AllTransactions(address, cancel)).Where(t => t.Source.Length > 0).Select(t => new Arrival(RawAddress.Of(t.Source), t.ReceivedNano, t.Hash))];
}
