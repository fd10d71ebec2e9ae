using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Epochs;

namespace CocoonPool.Grains.Settlement;

// What people see of a settlement, before and after it is planned.
public sealed partial class SettlementGrain
{
    public async Task<SettlementDescription> Describe()
    {
        var outline = await store.Outline(PoolId, Number);
        var phase = (await epochs.Find(PoolId, Number))?.Phase switch
        {
            EpochState.Settled => "settled",
            EpochState.Settling => "paying",
            _ when outline is not null => "planned",
            _ => "none",
        };
        var batches = (outline?.Messages ?? []).Where(m => m is { Index: >= 0, Phase: not MessagePhase.Replaced }).ToList();
        var held = outline?.Held ?? [];
        var paid = Nanotons.Sum(batches.Where(m => m.Phase == MessagePhase.Done).Select(m => m.Total)) + Nanotons.Sum(held.Where(h => h.State == HoldState.Claimed).Select(h => h.Amount));
        return new(
            Number, phase, control.State.Frozen, _trouble ?? outline?.Alert?.Text ?? control.State.Reason, outline?.Total ?? Nanotons.Zero, paid,
            [.. batches.Select(View)], [.. held.Select(View)], outline?.Alert?.Code, outline?.Alert?.Since);
    }

    public async Task<Outcome<SettlementPreview>> Preview()
    {
        if (await Finalized() is not { } epoch)
            return Outcome<SettlementPreview>.From(NotFinalized());
        if (await store.Outline(PoolId, Number) is { } outline)
        {
            var left = outline.Messages.Where(m => m.Phase < MessagePhase.Done).ToList();
            return await Preview(epoch, outline.Total, planned: true, opening: left.Exists(m => m.Index == SettlementMessage.OpenEpoch),
                left.Count(m => m.Index < 0), [.. left.Where(m => m.Index >= 0).Select(View)], [.. outline.Held.Select(View)]);
        }
        var payables = await epochs.Payables(PoolId, Number);
        var plan = await Plan(payables);
        var held = plan.Held.GroupBy(h => (h.Reason, h.State)).Select(g => new HoldSum(g.Key.Reason, g.Key.State, g.Count(), Nanotons.Sum(g.Select(h => h.Entry.Amount))));
        return await Preview(epoch, Nanotons.Sum(payables.Select(p => p.Amount)), planned: false, opening: payables.Count > 0, 1 + plan.Releases.Length,
            [.. plan.Batches.Select(b => View(new MessageOutline(b.Index, MessagePhase.Planned, b.Entries.Length, b.Total, b.ListHash, null, null, Nanotons.Zero)))], [.. held.Select(View)]);
    }

    private async Task<Outcome<SettlementPreview>> Preview(
        EpochDescription epoch, Nanotons total, bool planned, bool opening, int commands, BatchDescription[] batches, HoldDescription[] held)
    {
        Nanotons? available = null;
        await Watched(async () =>
        {
            var distribution = await chain.Distribution();
            available = distribution.Balance - distribution.Reserved - NetworkFees.StorageReserve;
        });
        var fees = opening || batches.Length > 0 || planned ? NetworkFees.Estimate(commands, batches.Select(b => b.Payouts)) : Nanotons.Zero;
        return Outcome<SettlementPreview>.Done(new(Number, planned, total, epoch.Fee, fees, opening ? total + epoch.Fee : Nanotons.Zero, available, batches, held));
    }

    private static BatchDescription View(MessageOutline message) => new(
        message.Index, message.Phase.ToString().ToLowerInvariant(), message.Payouts, message.Total, Convert.ToHexStringLower(message.ListHash), message.MessageHash,
        message.TransactionHash, message.NetworkFee);

    private static HoldDescription View(HoldSum sum) => new(HoldWords.Of(sum.Reason), HoldWords.Of(sum.State), sum.Count, sum.Amount);
}
