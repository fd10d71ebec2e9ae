using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Grains.Settlement;
using CocoonPool.Settlement.Tests.Host;

namespace CocoonPool.Settlement.Tests.Judges;

/// <summary>What must be true of the books when an epoch is settled.</summary>
public static class LedgerJudge
{
    public static async Task<IReadOnlyList<string>> Objections(PoolData data, EpochNumber epoch, Nanotons revenue)
    {
        var objections = new List<string>();
        var accounts = await data.Ledger.Accounts(SiloOptions.PoolId);
        objections.AddRange(accounts.Where(a => a.Value.Reserved != Nanotons.Zero).Select(a => $"a reservation never ended: {a.Key} has {a.Value.Reserved} reserved"));
        if (accounts.GetValueOrDefault(AccountName.InFlight).Balance is var inFlight && inFlight != Nanotons.Zero)
            objections.Add($"{inFlight} is still in flight");
        if (!Solvency.FromBooks(accounts).Solvent)
            objections.Add($"not solvent: {Solvency.FromBooks(accounts)}");

        var described = (await data.Epochs.Find(SiloOptions.PoolId, epoch))!;
        var payables = await data.Epochs.Payables(SiloOptions.PoolId, epoch);
        if (Nanotons.Sum(payables.Select(p => p.Amount)) + described.Fee != revenue)
            objections.Add($"the shares and the fee of {described.Fee} are not the revenue of {revenue}");
        var settlement = await data.Settlements.Find(SiloOptions.PoolId, epoch);
        objections.AddRange(settlement!.Messages.Where(m => m.Phase != MessagePhase.Done).Select(m => $"message {m.Index} is {m.Phase}"));
        return objections;
    }

    /// <summary>
    /// What the operator's own reconciliation finds. A batch whose transaction nobody could read in time is booked without it and without
    /// its fee, and the reconciliation is there to say so; nothing else may differ.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Reconciled(PoolData data, EpochNumber epoch, IChainGateway chain) =>
        [.. EpochComparison.Compare((await data.Witnesses(epoch, chain))!)
            .Where(difference => difference.Kind is not DifferenceKind.TransactionDiffers and not DifferenceKind.NetworkFeeDiffers)
            .Select(difference => $"reconciliation: {difference.Text}")];

    /// <summary>Replays the whole ledger.</summary>
    public static async Task<IReadOnlyList<string>> Replay(PoolData data) =>
        (await data.Ledger.Verify(SiloOptions.PoolId)).FirstProblem is { } problem ? [$"the ledger does not verify: {problem}"] : [];
}
