using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Pool;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Settlement;

/// <inheritdoc cref="ISettlementGrain"/>
public sealed partial class SettlementGrain(
    [PersistentState("settlement", "pool")] IPersistentState<SettlementControl> control,
    IEpochStore epochs,
    ISettlementStore store,
    IPayoutFreezes freezes,
    IChainGateway chain,
    IPoolEvents events,
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

    private IReadOnlySet<TonAddress> UnpayableAddresses => new[] { settings.Distribution, settings.Registry }.OfType<TonAddress>().ToHashSet();

    public async Task<Outcome> Begin()
    {
        if (_timer is not null)
            return Outcome.Done;
        if (await Finalized() is not { } epoch)
            return NotFinalized();
        if (await store.Turn(PoolId, Number) is { Phase: EpochState.Settled } turn && !HasWork(turn))
        {
            // Whoever completed it may have died before this.
            if (turn.OpenHolds == 0)
                await StopWaking();
            return Outcome.Done;
        }
        await Plan(epoch);
        await StayAwake();
        return Outcome.Done;
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
        if (await Finalized() is null)
            return NotFinalized();
        if (control.State is { Frozen: true } frozen && string.Equals(frozen.Reason, reason, StringComparison.Ordinal))
            return Outcome.Done;
        var change = control.State.Changes + 1;
        await Audit($"frozen/{change}", new { reason });
        control.State = new() { Frozen = true, Reason = reason, Changes = change };
        await this.WriteOrEnd(control);
        LogFrozen(Number, reason);
        return Outcome.Done;
    }

    public async Task<Outcome> Resume()
    {
        if (control.State.Frozen)
        {
            await Audit($"resumed/{control.State.Changes + 1}");
            control.State = new() { Changes = control.State.Changes + 1 };
        }
        await this.WriteOrEnd(control);
        return await Begin();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Begin();
        await Watched(LookAfterHolds);
    }

    private async Task<EpochDescription?> Finalized() =>
        await epochs.Find(PoolId, Number) is { Phase: >= EpochState.Finalized } epoch ? epoch : null;

    private Outcome NotFinalized() => Outcome.Refused("epoch_not_finalized", $"Epoch {Number} is not finalized yet; close it first.");

    /// <summary>An epoch that pays nobody has no business on chain.</summary>
    private static bool HasWork(SettlementTurn turn) => turn.Message is not null && turn.Settlement.PayoutCount > 0;

    private async Task StayAwake()
    {
        await this.RegisterOrUpdateReminder(WakeReminder, settings.WakePeriod, settings.WakePeriod);
        _timer ??= this.RegisterGrainTimer(_ => Watched(Advance), new GrainTimerCreationOptions(TimeSpan.Zero, settings.ChainPollInterval) { KeepAlive = true });
    }

    private void StopTimer()
    {
        _timer?.Dispose();
        _timer = null;
    }

    private async Task StopWaking()
    {
        if (await this.GetReminder(WakeReminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    /// <summary>A gateway that does not answer is everyday: it is told once and asked again.</summary>
    private async Task Watched(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ChainGatewayException problem)
        {
            Remark($"{problem.Code}: {problem.Message}");
        }
    }

    /// <summary>Step 1. The plan follows from the published bundle's payables and is frozen together with the money.</summary>
    private async Task Plan(EpochDescription epoch)
    {
        if (await store.Turn(PoolId, Number) is not null)
            return;
        // The bundle itself may be a hundred megabytes; the contract wants its hash.
        var bundleHash = Convert.FromHexString(epoch.BundleHash ?? throw new InvalidOperationException($"Epoch {Number} is finalized without a bundle."));
        var payables = await epochs.Payables(PoolId, Number);
        var plan = await Plan(payables);
        var messages = new List<SettlementMessage> { SettlementMessage.Planned(SettlementMessage.OpenEpoch, new byte[32], Domain.Ledger.Nanotons.Zero, []) };
        messages.AddRange(plan.Batches.Select(SettlementMessage.Planned));
        messages.AddRange(plan.Releases.Select(SettlementMessage.Planned));
        var total = Domain.Ledger.Nanotons.Sum(payables.Select(p => p.Amount));
        await TellOf(plan.Held);
        await Audit("planned", new { batches = plan.Batches.Length, payouts = payables.Count, held = plan.Held.Length, totalNano = total });
        await store.FreezePlan(
            PoolId,
            new(Number, total, epoch.Fee, payables.Count, Convert.FromHexString(epoch.MerkleRoot!), bundleHash, messages, plan.ClaimFrom, plan.Held),
            [.. SettlementTransfers.Reservations(plan.Batches, epoch.End), .. SettlementTransfers.Holds(Number, plan.Held, epoch.End)]);
        LogPlanned(Number, plan.Batches.Length, plan.Held.Length, total);
    }

    private async Task<PayoutPlan> Plan(IReadOnlyList<Payable> payables) =>
        PayoutPlan.For(Number, [.. payables], await Frozen(), UnpayableAddresses, settings.BatchSize);
}
