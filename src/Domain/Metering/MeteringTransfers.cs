using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Metering;

/// <summary>The ledger lines of metering. A block is only ever voided or expired, never posted: what was used of it is posted as a charge of its own.</summary>
public static class MeteringTransfers
{
    /// <summary>Holds a block for one silo. Where it would go is said for the form's sake; see the class.</summary>
    public static Transfer Reserve(string block, string client, EpochNumber epoch, Nanotons amount, DateTimeOffset at) => new(
        $"client-block/{block}", AccountName.Client(client), AccountName.Revenue(epoch), amount, TransferKind.ClientPayment, $"block/{block}", at, TransferAction.Reserve);

    /// <summary>Charges for answered requests become the epoch's revenue. Known by the flush that books them, so that a repeat books nothing twice.</summary>
    public static Transfer Charge(string flush, string client, EpochNumber epoch, Nanotons amount, DateTimeOffset at) => new(
        $"client-charge/{flush}/{client}", AccountName.Client(client), AccountName.Revenue(epoch), amount, TransferKind.ClientPayment, $"flush/{flush}", at);
}
