using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Epochs;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Settlement;

/// <inheritdoc cref="ISettlementGrain"/>
public sealed partial class SettlementGrain(
    [PersistentState("settlement", "pool")] IPersistentState<SettlementControl> control,
    IEpochStore epochs,
    ISettlementStore store,
    IChainGateway chain,
    IAuditJournal journal,
    PoolSettings settings,
    TimeProvider time,
    ILogger<SettlementGrain> log) : Grain, ISettlementGrain, IRemindable
{
    private const string WakeReminder = "settlement";

    private IGrainTimer? _timer;
    private string? _trouble;
    private DateTimeOffset? _retryAt;

    private string PoolId => GrainKeys.Split(this.GetPrimaryKeyString()).PoolId;

    private EpochNumber Number => new(int.Parse(GrainKeys.Split(this.GetPrimaryKeyString()).Name));

    public async Task<Outcome> Begin()
    {
        if (_timer is not null)
            return Outcome.Done;
        if (await epochs.Find(PoolId, Number) is not { Phase: >= EpochState.Finalized } epoch)
            return Outcome.Refused("epoch_not_finalized", $"Epoch {Number} is not finalized yet; close it first.");
        if (epoch.Phase == EpochState.Settled)
        {
            // Whoever completed it may have died before this.
            await StopWaking();
            return Outcome.Done;
        }
        if (await store.Find(PoolId, Number) is null)
            await Plan(epoch);
        await this.RegisterOrUpdateReminder(WakeReminder, settings.WakePeriod, settings.WakePeriod);
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, settings.ChainPollInterval) { KeepAlive = true });
        return Outcome.Done;
    }

    public async Task<SettlementDescription> Describe()
    {
        var stored = await store.Find(PoolId, Number);
        var phase = (await epochs.Find(PoolId, Number))?.Phase switch
        {
            EpochState.Settled => "settled",
            EpochState.Settling => "paying",
            _ when stored is not null => "planned",
            _ => "none",
        };
        var batches = (stored?.Messages ?? []).Where(m => m.Index >= 0).ToList();
        return new(Number, phase, control.State.Frozen, _trouble ?? control.State.Reason, stored?.Total ?? Nanotons.Zero,
            Nanotons.Sum(batches.Where(m => m.Phase == MessagePhase.Done).Select(m => m.Total)),
            [.. batches.Select(m => new BatchDescription(m.Index, m.Phase.ToString().ToLowerInvariant(), m.Entries.Count, m.Total,
                Convert.ToHexStringLower(m.ListHash), m.MessageHash, m.TransactionHash, m.NetworkFee))]);
    }

    public async Task Advance()
    {
        // Steps follow one another at once as long as each makes progress; otherwise the next look is at the next tick.
        while (await Step())
        {
        }
    }

    public async Task<Outcome> Freeze(string reason)
    {
        if (control.State is { Frozen: true } frozen && string.Equals(frozen.Reason, reason, StringComparison.Ordinal))
            return Outcome.Done;
        var change = control.State.Changes + 1;
        await Note($"frozen/{change}", new { reason });
        control.State = new() { Frozen = true, Reason = reason, Changes = change };
        await this.WriteOrEnd(control);
        LogFrozen(Number, reason);
        return Outcome.Done;
    }

    public async Task<Outcome> Resume()
    {
        if (control.State.Frozen)
        {
            await Note($"resumed/{control.State.Changes + 1}");
            control.State = new() { Changes = control.State.Changes + 1 };
        }
        await this.WriteOrEnd(control);
        return await Begin();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Begin();

    private async Task StopWaking()
    {
        if (await this.GetReminder(WakeReminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    private async Task Tick(CancellationToken cancellationToken)
    {
        try
        {
            await Advance();
        }
        catch (ChainGatewayException problem)
        {
            Report($"{problem.Code}: {problem.Message}");
        }
    }

    /// <summary>Step 1. The plan follows from the published bundle's payables and is frozen together with the money.</summary>
    private async Task Plan(EpochDescription epoch)
    {
        var bundle = await epochs.Bundle(PoolId, Number) ?? throw new InvalidOperationException($"Epoch {Number} is finalized without a bundle.");
        var payables = await epochs.Payables(PoolId, Number);
        var batches = SettlementPlan.Plan(Number, [.. payables], settings.BatchSize);
        var messages = new List<SettlementMessage> { Planned(SettlementMessage.OpenEpoch, new byte[32], Nanotons.Zero, []) };
        messages.AddRange(batches.Select(b => Planned(b.Index, b.ListHash, b.Total, b.Entries)));
        var total = Nanotons.Sum(payables.Select(p => p.Amount));
        var plan = new StoredSettlement(Number, total, epoch.Fee, payables.Count, Convert.FromHexString(epoch.MerkleRoot!), bundle.Hash, messages);
        await Note("planned", new { batches = batches.Length, payouts = payables.Count, totalNano = total });
        await store.FreezePlan(PoolId, plan, SettlementTransfers.Reservations(batches, epoch.End));
        LogPlanned(Number, batches.Length, total);

        static SettlementMessage Planned(int index, byte[] listHash, Nanotons total, IReadOnlyList<Payable> entries) =>
            new(index, MessagePhase.Planned, listHash, total, entries, null, null, null, 0, null, Nanotons.Zero);
    }

    private void Report(string trouble)
    {
        if (!string.Equals(_trouble, trouble, StringComparison.Ordinal))
            LogTrouble(Number, trouble);
        _trouble = trouble;
    }
}
