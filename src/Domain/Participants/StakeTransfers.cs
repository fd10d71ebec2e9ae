using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>The ledger lines of a stake that goes back. Ids follow from participant and withdrawal, so that a repeat books nothing twice.</summary>
public static class StakeTransfers
{
    /// <summary>Holds the amount in the stake account until the payment is proven.</summary>
    public static Transfer Hold(TonAddress participant, string withdrawalId, Nanotons amount, DateTimeOffset at)
    {
        var id = $"stake/{participant}/{withdrawalId}";
        return new(id, AccountName.Stake(participant), AccountName.StakeWallet, amount, TransferKind.StakeWithdrawal, id, at, TransferAction.Reserve);
    }

    /// <summary>Takes what <see cref="Hold"/> holds, because the chain shows the payment.</summary>
    public static Transfer Release(TonAddress participant, string withdrawalId, Nanotons amount, DateTimeOffset at) =>
        Hold(participant, withdrawalId, amount, at).End(TransferAction.PostReserved, at);
}
