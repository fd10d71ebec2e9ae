using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Settlement;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Participants;

/// <inheritdoc cref="IStakeWatchGrain"/>
public sealed partial class StakeWatchGrain(
    IStakeStore stakes,
    IStakeChain stakeChain,
    IChainGateway chain,
    IRevenueStore cursors,
    IAuditJournal journal,
    PoolSettings settings,
    TimeProvider time,
    ILogger<StakeWatchGrain> log) : Grain, IStakeWatchGrain, IRemindable
{
    private const string WatchReminder = "stakes";
    private const int NoticesAtOnce = 100;

    /// <summary>How many accounts are looked at in one tick: public chain APIs answer some ten requests a second.</summary>
    private const int LooksPerTick = 8;

    private IGrainTimer? _timer;
    private TonAddress? _lookedAt;
    private string? _trouble;

    private string PoolId => this.GetPrimaryKeyString();

    public async Task Watch()
    {
        await this.RegisterOrUpdateReminder(WatchReminder, settings.WakePeriod, settings.WakePeriod);
        _timer ??= this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, settings.ChainPollInterval) { KeepAlive = true });
    }

    public async Task Sweep()
    {
        await FollowNotices();
        _lookedAt = null;
        while (await FollowNext())
        {
        }
        await Advance();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Watch();

    private async Task Tick(CancellationToken cancellationToken)
    {
        try
        {
            await FollowNotices();
            await FollowNext();
            await Advance();
        }
        catch (ChainGatewayException problem)
        {
            Report($"{problem.Code}: {problem.Message}");
        }
    }

    /// <summary>
    /// Whoever registers a stake, or tops it up through the registry, is looked at now. The cursor moves after the looks: a crash in
    /// between looks once more, and an account that was looked at twice is booked once.
    /// </summary>
    private async Task FollowNotices()
    {
        if (settings.Registry is not { } registry)
            return;
        while (true)
        {
            var cursor = await cursors.Cursor(PoolId, registry.ToString());
            var notices = Payments.InOrder(await chain.Incoming(registry, cursor, NoticesAtOnce), cursor);
            if (notices.Count == 0)
                return;
            foreach (var participant in notices.Select(notice => notice.From).Distinct())
                await Follow(participant);
            await cursors.Book(PoolId, registry.ToString(), notices[^1].LogicalTime, []);
        }
    }

    /// <summary>
    /// The next few accounts of all. Nothing announces what a participant's wallet does to their account, so each is looked at in turn.
    /// One that cannot be read holds up nobody else. False when the round is at its end.
    /// </summary>
    private async Task<bool> FollowNext()
    {
        var next = await stakes.Holders(PoolId, _lookedAt, LooksPerTick);
        foreach (var holder in next)
        {
            _lookedAt = holder;
            if (await TroubleOf(holder) is not { } trouble)
                continue;
            Report(trouble);
            return true;
        }

        if (next.Count == LooksPerTick)
            return true;
        (_lookedAt, _trouble) = (null, null);
        return false;
    }

    private async Task Follow(TonAddress participant)
    {
        if (await TroubleOf(participant) is { } trouble)
            throw new ChainGatewayException("stake_not_followed", trouble);
    }

    /// <summary>What is in the way of following somebody's stake. That somebody who has one is no participant is not.</summary>
    private async Task<string?> TroubleOf(TonAddress participant)
    {
        try
        {
            var followed = await GrainFactory.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, participant)).FollowStake();
            return followed.Refusal is "chain_unreachable" or "stake_changed" ? $"{participant}: {followed.Message}" : null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or OverflowException)
        {
            // The books of this one stake contradict the chain: nothing is booked for it until somebody has looked.
            return $"{participant}: {broken.Message}";
        }
    }

    private void Report(string trouble)
    {
        if (!string.Equals(_trouble, trouble, StringComparison.Ordinal))
            LogTrouble(trouble);
        _trouble = trouble;
    }
}
