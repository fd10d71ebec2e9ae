using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Pool;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Participants;

/// <inheritdoc cref="IParticipantGrain"/>
public sealed partial class ParticipantGrain(
    [PersistentState("participant", "pool")] IPersistentState<ParticipantRecord> record,
    IParticipantDirectory directory,
    ILedgerStore ledger,
    TimeProvider time,
    ILogger<ParticipantGrain> log) : Grain, IParticipantGrain
{
    /// <summary>A payout below this would mostly feed the network.</summary>
    private static readonly Nanotons SmallestMinPayout = new(50_000_000);

    private string PoolId => GrainKeys.Split(this.GetPrimaryKeyString()).PoolId;

    private TonAddress Address => TonAddress.Parse(GrainKeys.Split(this.GetPrimaryKeyString()).Name);

    private IPoolGrain Pool => GrainFactory.GetGrain<IPoolGrain>(PoolId);

    public async Task<Outcome<ParticipantDescription>> Register()
    {
        if (record.State.Registered)
            return Outcome<ParticipantDescription>.Done(await DescribeNow());
        if (Address.Workchain != 0)
            return Outcome<ParticipantDescription>.Refused("invalid_request", "The pool pays to wallets of the basechain (0:…); give such an address.");
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
        };
        await record.WriteStateAsync();
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
        var workers = new Dictionary<string, int>(record.State.Workers) { [workerId] = gpus };
        var required = (await Parameters()).RequiredStake(workers.Values.Sum());
        if (now.Stake < required)
        {
            return Outcome.Refused("stake_below_tier",
                $"{workers.Values.Sum()} GPUs need a stake of {required.ToTonString()} TON and {now.Stake.ToTonString()} TON are there; send {(required - now.Stake).ToTonString()} TON more to the pool's stake address.");
        }
        if (now.State != ParticipantState.Active)
            return Outcome.Refused("participant_not_active", $"The participant is {now.State.ToString().ToLowerInvariant()}; ask the operator.");
        if (record.State.Workers.GetValueOrDefault(workerId) != gpus)
        {
            record.State = record.State with { Workers = workers };
            await record.WriteStateAsync();
            await Review();
        }
        return Outcome.Done;
    }

    public async Task<Outcome<ParticipantDescription>> ChangeSettings(PayoutSettings settings)
    {
        if (!record.State.Registered)
            return NotRegistered<ParticipantDescription>();
        if (settings.MinPayout < SmallestMinPayout)
            return Outcome<ParticipantDescription>.Refused("invalid_request", $"The minimum payout is at least {SmallestMinPayout.ToTonString()} TON.");
        record.State = record.State with { MinPayout = settings.MinPayout };
        await record.WriteStateAsync();
        return await Review();
    }

    /// <summary>Compares the stake in the books with the tier, moves the state if it has to move, and refreshes the directory.</summary>
    private async Task<Outcome<ParticipantDescription>> Review()
    {
        var now = await DescribeNow();
        var transition = ParticipantLifecycle.Apply(record.State.State, StakeCommand(now));
        if (transition.Accepted && transition.To != record.State.State)
        {
            record.State = record.State with { State = transition.To, SuspendedBelowTier = transition.To == ParticipantState.Suspended };
            await record.WriteStateAsync();
            LogStateChanged(Address.ToString(), transition.From, transition.To, now.Stake, now.RequiredStake);
            now = now with { State = transition.To };
        }

        // Also when nothing changed: this repairs a directory row that a crash left behind the grain.
        await directory.Save(PoolId, now);
        return Outcome<ParticipantDescription>.Done(now);
    }

    /// <summary>A suspension whose only cause was the stake ends with the top-up; one that an operator ordered does not.</summary>
    private ParticipantCommand StakeCommand(ParticipantDescription now) =>
        now.Stake < now.RequiredStake ? ParticipantCommand.StakeFellBelowTier
        : record.State is { State: ParticipantState.Suspended, SuspendedBelowTier: true } ? ParticipantCommand.Unsuspend
        : ParticipantCommand.StakeReachedTier;

    private async Task<ParticipantDescription> DescribeNow()
    {
        var state = record.State;
        var gpus = state.Workers.Values.Sum();
        var stake = await ledger.Account(PoolId, AccountName.Stake(Address));
        var required = (await Parameters()).RequiredStake(Math.Max(gpus, 1));
        return new(Address, state.State, state.JoinedAt, state.PayoutAddress, state.MinPayout, stake.Available, required, gpus, state.Reputation);
    }

    private async Task<PoolParameters> Parameters()
    {
        var terms = await Pool.Terms() ?? throw new InvalidOperationException($"Participant of pool '{PoolId}', which does not exist.");
        return PoolParametersJson.Read(terms.Parameters);
    }

    private Outcome<T> NotRegistered<T>()
        where T : class => Outcome<T>.Refused("not_found", $"{Address.ToFriendly()} is no participant of this pool; register first.");
}
