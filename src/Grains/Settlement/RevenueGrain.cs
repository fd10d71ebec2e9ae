using System.Text.Json;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Pool;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Settlement;

/// <inheritdoc cref="IRevenueGrain"/>
public sealed partial class RevenueGrain(
    IRevenueStore store, IChainGateway chain, IAuditJournal journal, PoolSettings settings, TimeProvider time, ILogger<RevenueGrain> log) : Grain, IRevenueGrain, IRemindable
{
    private const string WatchReminder = "revenue";
    private const int Page = 200;

    /// <summary>How far the chain's committed block may be behind an epoch's end and the payments count as read.</summary>
    private static readonly TimeSpan ChainLag = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Clocks differ a little: a payment that is so little ahead of the pool's waits for it, and counts in the epoch of its own time. One
    /// further ahead shows that a clock is wrong, and must not hold up the others: it counts when it came.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private IGrainTimer? _timer;
    private bool _unreachable;

    /// <summary>Every payment that the chain had committed by then is booked.</summary>
    private DateTimeOffset _readThrough;

    private string PoolId => this.GetPrimaryKeyString();

    public async Task Watch()
    {
        await this.RegisterOrUpdateReminder(WatchReminder, settings.WakePeriod, settings.WakePeriod);
        _timer ??= this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, settings.ChainPollInterval) { KeepAlive = true });
    }

    public async Task<int> Sweep()
    {
        if (settings.Distribution is not { } distribution)
            return 0;

        // The chain's time first: whatever comes after it is not promised to be read.
        var signer = await chain.Signer();
        var chainTime = DateTimeOffset.FromUnixTimeSeconds(signer.ChainTime);
        var (booked, waiting) = await Sweep(distribution, await Operators(signer.Address));
        _readThrough = waiting is { } later && later.At < chainTime ? later.At : chainTime;
        return booked;
    }

    public async Task<Outcome> ReadThrough(DateTimeOffset moment)
    {
        if (settings.Distribution is null || _readThrough >= moment)
            return Outcome.Done;
        try
        {
            await Sweep();
        }
        catch (ChainGatewayException problem)
        {
            // The problem names machines of the pool, and this answer goes to whoever asked.
            LogUnreachable(problem.Message);
            return Outcome.Refused("chain_unreachable", $"The payments until {moment:u} cannot be read now; try again in a minute.");
        }
        return _readThrough >= moment - ChainLag
            ? Outcome.Done
            : Outcome.Refused("revenue_not_read", $"The payments are read until {_readThrough:u} of the chain's time; those until {moment:u} come first.");
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

    /// <summary>
    /// The wallets whose coins cover the contract's fees and were not earned by the pool: the first one, the one that signs, the one that
    /// the contract obeys, and all that were one of these before. What an old wallet sent before it was put away may be read only now.
    /// </summary>
    private async Task<IReadOnlySet<TonAddress>> Operators(TonAddress signing)
    {
        var known = await store.OperatorWallets(PoolId);
        var first = (await GrainFactory.GetGrain<IPoolGrain>(PoolId).Terms())?.OperatorWallet;
        var obeyed = (await chain.Distribution()).Operator;
        var fresh = new[] { first, obeyed, signing }.OfType<TonAddress>().Except(known).ToList();
        foreach (var wallet in fresh)
            await store.RememberOperator(PoolId, wallet);
        return fresh.Count == 0 ? known : known.Concat(fresh).ToHashSet();
    }

    /// <summary>Books what is new, page by page, up to the first payment that has to wait for the pool's clock.</summary>
    private async Task<(int Booked, IncomingPayment? Waiting)> Sweep(TonAddress address, IReadOnlySet<TonAddress> operators)
    {
        var booked = 0;
        while (true)
        {
            var cursor = await store.Cursor(PoolId, address.ToString());
            var page = Payments.InOrder(await chain.Incoming(address, cursor, Page), cursor);

            // What counts when is decided by the chain's time, but no calendar is opened ahead of the pool's clock.
            var now = time.GetUtcNow();
            var due = page.TakeWhile(payment => payment.At <= now || payment.At > now + LongestWait).ToList();
            if (due.Count == 0)
                return (booked, page.Count > 0 ? page[0] : null);
            var kept = due.Where(payment => Payments.IsIncome(payment, operators)).ToList();
            foreach (var payment in kept)
                await Note(payment);
            await store.Book(PoolId, address.ToString(), due[^1].LogicalTime, kept);
            if (due.Find(payment => payment.At > now) is { } ahead)
                LogAhead(ahead.TransactionHash, ahead.At, now);
            booked += kept.Count;
            if (kept.Count > 0)
                LogBooked(kept.Count, address.ToString());
        }
    }

    /// <summary>Under the name that the payment has in the books.</summary>
    private Task Note(IncomingPayment payment) => journal.Write(PoolId, new(
        $"chain/{payment.TransactionHash}", "payment_booked", $"{payment.From}", time.GetUtcNow(),
        JsonSerializer.Serialize(new { payment.To, amountNano = payment.Amount, payment.At }, DomainJson.Options)));
}
