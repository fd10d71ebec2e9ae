using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Pool;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Participants;

/// <inheritdoc cref="IParticipantGrain"/>
public sealed partial class ParticipantGrain(
    [PersistentState("participant", "pool")] IPersistentState<ParticipantRecord> record,
    IParticipantDirectory directory,
    ISlashStore slashes,
    ILedgerStore ledger,
    IStakeChain chain,
    IStakeStore stakes,
    IEpochStore epochs,
    IPoolEvents events,
    IAuditJournal journal,
    TimeProvider time,
    ILogger<ParticipantGrain> log) : Grain, IParticipantGrain, IRemindable
{
    private const string BelowTier = "stake below the tier";

    private string PoolId => GrainKeys.Split(this.GetPrimaryKeyString()).PoolId;

    private TonAddress Address => TonAddress.Parse(GrainKeys.Split(this.GetPrimaryKeyString()).Name);

    private IPoolGrain Pool => GrainFactory.GetGrain<IPoolGrain>(PoolId);

    /// <summary>Brings the directory's row up to date: an activation that died between its own state and the row has left it behind.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (record.State.Registered)
            await directory.Save(PoolId, await DescribeNow(), record.State.Revision, cancellationToken);
        await base.OnActivateAsync(cancellationToken);
    }

    public async Task<Outcome<ParticipantDescription>> Register(TonAddress? referrer = null)
    {
        if (record.State.Registered)
            return await Review();
        if (Address.Workchain != 0)
            return Outcome<ParticipantDescription>.Refused("invalid_request", "The pool pays to wallets of the basechain (0:…); give such an address.");
        if (referrer is { } who && await directory.NameReferrer(PoolId, Address, who) is { } refusal)
            return Outcome<ParticipantDescription>.Refused(refusal, "Register without a referrer, or name another one: a participant of this pool who has brought fewer than ten.");
        var seat = await Pool.Admit(Address);
        if (!seat.Accepted)
            return Outcome<ParticipantDescription>.From(seat);
        var parameters = await Parameters();
        record.State = new()
        {
            Registered = true,
            State = ParticipantState.Registered,
            JoinedAt = time.GetUtcNow(),
            PayoutAddress = Address,
            MinPayout = parameters.MinPayout,
            Referrer = referrer,
            Revision = DurableState.NextRevision(0, time),
        };

        // Not announced: nothing was earned yet, and a closing that asked this grain would wait for it while it waits for the pool.
        await this.WriteOrEnd(record);
        LogRegistered(Address.ToString());
        return await Review();
    }

    public async Task<ParticipantDescription?> Describe() => record.State.Registered ? await DescribeNow() : null;

    public async Task<Outcome<ParticipantDescription>> ReviewStake() =>
        record.State.Registered ? await Review() : NotRegistered<ParticipantDescription>();

    public async Task<Outcome> AuthorizeActivation(string workerId, int gpus)
    {
        if (!record.State.Registered)
            return Outcome.From(NotRegistered<ParticipantDescription>());
        var now = (await Review()).Value!;
        var parameters = await Parameters();
        var workers = new Dictionary<string, int>(record.State.Workers) { [workerId] = gpus };
        var own = workers.Values.Sum();
        var required = parameters.RequiredStake(own);
        var counting = (await Position()).Counting;
        if (counting < required)
        {
            return Outcome.Refused("stake_below_tier",
                $"{own} GPUs need a stake of {required.ToTonString()} TON and {counting.ToTonString()} TON are there; send {(required - counting).ToTonString()} TON more to your stake account.");
        }
        if (now.State != ParticipantState.Active)
            return Outcome.Refused("participant_not_active", $"The participant is {now.State.ToString().ToLowerInvariant()}; ask the operator.");
        if (record.State.Workers.GetValueOrDefault(workerId) == gpus)
            return Outcome.Done;
        if (await Concentrated(own, parameters) is { } refused)
            return refused;
        record.State = record.State with { Workers = workers };
        await Write();
        await Review();
        return Outcome.Done;
    }

    public async Task<Outcome> ReleaseWorker(string workerId)
    {
        if (!record.State.Workers.ContainsKey(workerId))
            return Outcome.Done;
        var workers = new Dictionary<string, int>(record.State.Workers);
        workers.Remove(workerId);
        record.State = record.State with { Workers = workers };
        await Write();
        await Review();
        return Outcome.Done;
    }

    private async Task<Outcome?> Concentrated(int own, PoolParameters parameters)
    {
        var others = await directory.Others(PoolId, Address);
        var verdict = Concentration.Judge(own, own + others.Gpus, others.Bringers + 1, parameters);
        if (verdict == ConcentrationVerdict.Refused)
        {
            return Outcome.Refused("concentration_exceeded",
                $"{own} GPUs would be more than {parameters.MaxConcentrationBps} basis points of the pool's {own + others.Gpus}; bring fewer, or wait until others bring more.");
        }
        if (verdict == ConcentrationVerdict.Warned)
            LogConcentrated(Address.ToString(), own, own + others.Gpus, parameters.MaxConcentrationBps);
        return null;
    }

    private async Task<ParticipantDescription> DescribeNow()
    {
        var state = record.State;
        var gpus = state.Workers.Values.Sum();
        var position = await Position();
        var required = await RequiredStake();
        var reputation = (await directory.Find(PoolId, Address))?.Reputation ?? Reputation.Initial;
        return new(
            Address, state.State, state.JoinedAt, state.PayoutAddress, state.MinPayout, position.Available, required, gpus, reputation, position.Held,
            position.Leaving, state.Schedule, state.NextPayoutAddress, state.NextPayoutFrom, state.ClaimRequestedAt, state.Referrer,
            Suspension(state), state.Muted);
    }

    /// <summary>Why the participant is suspended, also while the stake is on its way out: whoever leaves out of a suspension leaves suspended.</summary>
    private static string? Suspension(ParticipantRecord state) => state.State switch
    {
        ParticipantState.Suspended => state.SuspendedBecause,
        ParticipantState.Withdrawing or ParticipantState.Withdrawn when state.StateBeforeWithdrawal == ParticipantState.Suspended => state.SuspendedBecause,
        _ => null,
    };

    private async Task<StakePosition> Position()
    {
        var figures = await ledger.Account(PoolId, AccountName.Stake(Address));
        var leaving = record.State.Withdrawals.LastOrDefault() is { State: WithdrawalState.Waiting } waiting ? waiting.Amount : Nanotons.Zero;
        return new(figures.Balance, figures.Reserved, leaving);
    }

    /// <summary>The tier of the GPUs that are counted; the lowest one already before the first.</summary>
    private async Task<Nanotons> RequiredStake() => (await Parameters()).RequiredStake(Math.Max(record.State.Workers.Values.Sum(), 1));

    private async Task<PoolParameters> Parameters()
    {
        var terms = await Pool.Terms() ?? throw new InvalidOperationException($"Participant of pool '{PoolId}', which does not exist.");
        return PoolParametersJson.Read(terms.Parameters);
    }

    private Task Tell(string what, string type, object data) => events.Append(
        PoolId, new($"participant/{Address}/{what}", time.GetUtcNow(), type, Address, System.Text.Json.JsonSerializer.Serialize(data, DomainJson.Told)));

    private Outcome<T> NotRegistered<T>()
        where T : class => Outcome<T>.Refused("not_found", $"{Address.ToFriendly()} is no participant of this pool; register first.");
}
