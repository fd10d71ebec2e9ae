using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Settlement;

/// <inheritdoc cref="IRevenueGrain"/>
public sealed partial class RevenueGrain(
    IRevenueStore store, IChainGateway chain, PoolSettings settings, ILogger<RevenueGrain> log) : Grain, IRevenueGrain, IRemindable
{
    private const string WatchReminder = "revenue";
    private const int Page = 200;

    private IGrainTimer? _timer;
    private bool _unreachable;

    private string PoolId => this.GetPrimaryKeyString();

    public async Task Watch()
    {
        await this.RegisterOrUpdateReminder(WatchReminder, settings.WakePeriod, settings.WakePeriod);
        _timer ??= this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, settings.ChainPollInterval) { KeepAlive = true });
    }

    public async Task<int> Sweep()
    {
        var booked = 0;
        if (settings.Distribution is { } distribution)
            booked += await Sweep(distribution, stakes: false);
        if (settings.StakeWallet is { } stakes)
            booked += await Sweep(stakes, stakes: true);
        return booked;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Watch();

    private async Task Tick(CancellationToken cancellationToken)
    {
        try
        {
            await Sweep();
            _unreachable = false;
        }
        catch (ChainGatewayException problem)
        {
            if (!_unreachable)
                LogUnreachable(problem.Message);
            _unreachable = true;
        }
    }

    private async Task<int> Sweep(TonAddress address, bool stakes)
    {
        // What the operator's own wallet sends covers the contract's fees; it was not earned by the pool.
        var operatorWallet = (await GrainFactory.GetGrain<IPoolGrain>(PoolId).Terms())?.OperatorWallet;
        var booked = 0;
        while (true)
        {
            var cursor = await store.Cursor(PoolId, address.ToString());
            var payments = await chain.Incoming(address, cursor, Page);
            if (payments.Count == 0)
                return booked;
            var kept = payments.Where(p => !p.Aborted && p.Amount.IsPositive && p.From != operatorWallet).ToList();
            await store.Book(PoolId, address.ToString(), payments[^1].LogicalTime, kept, stakes);
            booked += kept.Count;
            if (kept.Count > 0)
                LogBooked(kept.Count, address.ToString());
            if (stakes)
                await ReviewStakes(kept.Select(p => p.From).Distinct());
        }
    }

    private async Task ReviewStakes(IEnumerable<TonAddress> participants)
    {
        foreach (var participant in participants)
            await GrainFactory.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, participant)).ReviewStake();
    }
}
