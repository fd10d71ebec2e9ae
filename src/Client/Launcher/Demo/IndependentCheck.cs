using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Verifier;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>A wallet before it was paid.</summary>
/// <param name="Lt">Its newest transaction then.</param>
public sealed record WalletBaseline(long BalanceNano, long Lt);

/// <summary>
/// Compares four sources that know nothing of each other: the shares recomputed from the published bundle by the second
/// implementation, what the pool's books say, what the contract on chain committed to, and what arrived in the wallets.
/// The chain is read through its public API alone.
/// </summary>
public sealed class IndependentCheck(LocalChainClient chain, PoolClient client, Deployment deployment, Waiting waiting, Report report)
{
    public async Task<bool> Passes(
        long epoch, byte[] bundle, IReadOnlyList<DemoMember> members, IReadOnlyDictionary<string, WalletBaseline> before, CancellationToken cancel)
    {
        var onChain = await chain.Epoch(deployment.Distribution, epoch, cancel);
        var recomputed = EpochVerifier.Verify(bundle, onChain.BundleHash);
        await Arrival(recomputed, members, before, cancel);
        var differences = new List<string>(recomputed.Differences);
        differences.AddRange(CompareWithContract(recomputed, onChain));
        foreach (var member in members)
            differences.AddRange(CompareMember(await Seen(member, epoch, recomputed, before[member.Wallet.Address], cancel)));

        report.Heading("Independent check");
        foreach (var difference in differences)
            report.Problem(difference);
        if (differences.Count == 0)
        {
            report.Success("bundle: fee, shares, payables and Merkle root recomputed by the second implementation, byte for byte");
            report.Success($"contract: bundle hash, Merkle root, total and fee of epoch {epoch} are on chain, and all of it is paid");
            report.Success("recomputed shares = ledger = what arrived in the wallets, to the nanoTON");
        }
        return differences.Count == 0;
    }

    /// <summary>
    /// The contract's state proves a batch; the coins themselves reach each wallet with a message of its own, a block or two later.
    /// Whoever has not got theirs by the end of the waiting is named by the comparison.
    /// </summary>
    private async Task Arrival(VerificationReport recomputed, IReadOnlyList<DemoMember> members, IReadOnlyDictionary<string, WalletBaseline> before, CancellationToken cancel)
    {
        var paid = recomputed.Participants.Where(p => p.PayableNano > 0).Select(p => p.Address).ToHashSet(StringComparer.Ordinal);
        foreach (var member in members.Where(m => paid.Contains(m.Wallet.Address)))
        {
            try
            {
                await waiting.Until($"the payment to {member.Name}", TimeSpan.FromSeconds(15), async () =>
                    (await Payments(member, before[member.Wallet.Address], cancel)).Any(), cancel);
            }
            catch (LauncherException)
            {
                return;
            }
        }
    }

    private async Task<IEnumerable<ChainTransaction>> Payments(DemoMember member, WalletBaseline before, CancellationToken cancel) =>
        (await chain.Transactions(member.Wallet.Address, cancel))
            .Where(t => t.Lt > before.Lt && t.Source.Length > 0 && RawAddress.Of(t.Source) == deployment.Distribution);

    /// <summary>What each source says about one member.</summary>
    private async Task<MemberFigures> Seen(DemoMember member, long epoch, VerificationReport recomputed, WalletBaseline before, CancellationToken cancel)
    {
        var address = member.Wallet.Address;
        var share = recomputed.Participants.FirstOrDefault(p => p.Address == address);
        var earning = (await client.Earnings(address, cancel)).History.FirstOrDefault(h => h.Epoch == epoch);
        var since = (await chain.Transactions(address, cancel)).Where(t => t.Lt > before.Lt).ToList();
        return new(
            member.Name,
            share?.ShareNano ?? 0,
            share?.PayableNano ?? 0,
            earning is null ? 0 : Ton.Parse(earning.ShareNano),
            earning is null ? 0 : Ton.Parse(earning.PaidNano),
            (await Payments(member, before, cancel)).Sum(t => t.ReceivedNano),
            await chain.Balance(address, cancel) - before.BalanceNano,
            since.Sum(t => t.ReceivedNano - t.SentNano - t.FeeNano));
    }

    /// <summary>Every difference between the bundle and what the contract recorded, in words.</summary>
    public static IEnumerable<string> CompareWithContract(VerificationReport recomputed, ChainEpoch onChain)
    {
        var payable = recomputed.Participants.Sum(p => p.PayableNano);
        if (!onChain.Opened)
            yield return $"The contract does not know epoch {recomputed.Epoch}.";
        if (onChain.MerkleRoot != recomputed.MerkleRoot)
            yield return $"The Merkle root on chain is {onChain.MerkleRoot}, recomputed it is {recomputed.MerkleRoot}.";
        if (onChain.TotalNano != payable)
            yield return $"The contract's total is {onChain.TotalNano} nanoTON, the payables add up to {payable}.";
        if (onChain.PaidNano != payable)
            yield return $"The contract has paid {onChain.PaidNano} of {payable} nanoTON.";
        if (onChain.FeeNano != recomputed.FeeNano)
            yield return $"The contract's fee is {onChain.FeeNano} nanoTON, recomputed it is {recomputed.FeeNano}.";
    }

    /// <summary>Every difference between the sources about one member, in words.</summary>
    public static IEnumerable<string> CompareMember(MemberFigures m)
    {
        if (m.LedgerShareNano != m.RecomputedShareNano)
            yield return $"{m.Name}: the ledger's share is {m.LedgerShareNano} nanoTON, recomputed it is {m.RecomputedShareNano}.";
        if (m.LedgerPaidNano != m.RecomputedPayableNano)
            yield return $"{m.Name}: the ledger says {m.LedgerPaidNano} nanoTON were paid, {m.RecomputedPayableNano} were due.";
        if (m.ArrivedNano != m.RecomputedPayableNano)
            yield return $"{m.Name}: {m.ArrivedNano} nanoTON arrived from the contract, {m.RecomputedPayableNano} were due.";
        if (m.BalanceChangeNano != m.ExplainedChangeNano)
            yield return $"{m.Name}: the balance changed by {m.BalanceChangeNano} nanoTON, the wallet's transactions explain {m.ExplainedChangeNano}.";
    }
}

/// <param name="ArrivedNano">Received from the distribution contract since the baseline.</param>
/// <param name="ExplainedChangeNano">Received less sent less fees over all transactions since the baseline.</param>
public sealed record MemberFigures(
    string Name, long RecomputedShareNano, long RecomputedPayableNano, long LedgerShareNano, long LedgerPaidNano, long ArrivedNano, long BalanceChangeNano, long ExplainedChangeNano);
