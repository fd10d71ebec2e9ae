using System.Collections.Concurrent;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Adapters.Postgres.Routing;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains;
using CocoonPool.Grains.Metering;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Routing;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Metering;

/// <summary>
/// Covers every priced request by the client's prepaid balance before it is admitted, without a database on its way: this silo
/// reserves the balance in blocks, requests hold their worst case of the block in memory, and charges are booked in groups.
/// </summary>
public sealed partial class ClientMeter(
    IClientBooks books, ServedRequests served, PoolSettings settings, IOptions<MeteringOptions> options, TimeProvider time, ILogger<ClientMeter> log) : BackgroundService
{
    /// <summary>How many rounds pass between looks for blocks of silos that are gone.</summary>
    private const int ExpiryEvery = 15;

    private readonly ConcurrentDictionary<string, ClientAccount> _accounts = new(StringComparer.Ordinal);

    private Nanotons Target => new(options.Value.BlockNano);

    /// <summary>Holds what the request can cost at most; the answer's end settles it.</summary>
    /// <exception cref="ApiException">402: the client's balance does not cover it. Nothing is held then.</exception>
    public ValueTask<MeteredRequest> Begin(
        KeyHolder holder, InferenceRequest request, ModelTerms terms, IReadOnlyList<RouteOffer> offers, CancellationToken cancellationToken)
    {
        var account = _accounts.GetOrAdd(ClientName.Of(holder), client => new(client, time));
        // The operator pays nobody; a free model costs nothing.
        var price = string.Equals(holder.Role, Permissions.OperatorRole, StringComparison.Ordinal) ? Domain.Metering.TokenPrice.Free : terms.Price;
        var worst = price.IsFree || offers.Count == 0 ? Nanotons.Zero : WorstCase(request, price, offers);
        var metered = new MeteredRequest(account, holder.KeyId, request, price, worst);
        return worst == Nanotons.Zero || account.TryHold(worst) ? new(metered) : new(Cover(account, metered, worst, cancellationToken));
    }

    private async Task<MeteredRequest> Cover(ClientAccount account, MeteredRequest metered, Nanotons worst, CancellationToken cancellationToken)
    {
        // Again and again, because another request may take the room that was made for this one; one of them gets on each time.
        while (!account.IsKnownToLack(worst))
        {
            await account.Changing.WaitAsync(cancellationToken);
            try
            {
                await Change([account], worst, TimeSpan.MaxValue, CancellationToken.None);
                if (account.TryHold(worst))
                    return metered;
            }
            finally
            {
                account.Changing.Release();
            }
        }
        throw new ApiException(402, "insufficient_quota",
            $"The prepaid balance does not cover this request, which can cost up to {worst.ToTonString()} TON; top the balance up or lower max_tokens.");
    }

    /// <summary>
    /// Books what is due for accounts whose <see cref="ClientAccount.Changing"/> the caller holds. A change whose answer was lost comes
    /// first, and exactly as it was; what is due since then follows with the next call.
    /// </summary>
    private async Task Change(IReadOnlyList<ClientAccount> accounts, Nanotons wanted, TimeSpan idle, CancellationToken cancellationToken)
    {
        var due = accounts.Select(a => (Account: a, Change: a.Due(wanted, Target, idle))).Where(d => d.Change is not null).ToList();
        if (due.Count == 0)
            return;
        var now = time.GetUtcNow();
        var results = (await books.Change(settings.Id, [.. due.Select(d => d.Change!)], now, now + options.Value.BlockLease, cancellationToken)).ToDictionary(r => r.Id);
        foreach (var (account, change) in due)
        {
            account.Changed(change!, results[change!.Id], wanted);
            if (results[change.Id].WrittenOff.IsPositive)
                LogWrittenOff(change.Client, results[change.Id].WrittenOff.Value);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.BookInterval, time);
        try
        {
            for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
                await Guarded(() => Round(round, stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The last round follows.
        }
    }

    /// <summary>Books what is left and gives the blocks back; called when no request runs any more.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Guarded(() => Book(TimeSpan.Zero, cancellationToken));
    }

    private async Task Round(int round, CancellationToken cancellationToken)
    {
        await Book(options.Value.IdleTime, cancellationToken);
        var held = _accounts.Values.Select(a => a.Block).OfType<Guid>().ToList();
        if (held.Count > 0)
            await books.Renew(settings.Id, held, time.GetUtcNow() + options.Value.BlockLease, cancellationToken);
        if (round % ExpiryEvery != 0)
            return;
        if (await books.ExpireLost(settings.Id, time.GetUtcNow(), cancellationToken) is > 0 and var lost)
            LogExpired(lost);
        await served.Forget(cancellationToken);
    }

    /// <summary>One transaction for all clients. An account that is being changed just now is left for the next round.</summary>
    private async Task Book(TimeSpan idle, CancellationToken cancellationToken)
    {
        var mine = _accounts.Values.Where(a => a.Changing.Wait(0, CancellationToken.None)).ToList();
        try
        {
            await Change(mine, Nanotons.Zero, idle, cancellationToken);
        }
        finally
        {
            mine.ForEach(a => a.Changing.Release());
        }
    }

    private async Task Guarded(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Nothing is lost: what is due stays due.
            LogNotBooked(problem);
        }
    }

    private static Nanotons WorstCase(InferenceRequest request, Domain.Metering.TokenPrice price, IReadOnlyList<RouteOffer> offers)
    {
        long context = offers.Max(o => o.MaxContextLength);
        var coefficient = Math.Min(offers.Max(o => o.Route.Coefficient), request.Wishes.MaxCoefficient ?? int.MaxValue);
        var completion = Math.Min(request.Facts.MaxTokens ?? context, context) * request.Facts.Choices;
        // Images cost tokens that the body does not show; a worker can not have read more than its context.
        var prompt = request.Facts.HasImages ? context : Math.Min(request.Facts.MostPromptTokens, context);
        return price.AtMost(prompt, completion, coefficient);
    }

    [LoggerMessage(1721, LogLevel.Error, "Charges could not be booked now and stay due")]
    private partial void LogNotBooked(Exception problem);

    [LoggerMessage(1722, LogLevel.Warning, "Client {Client} owed {Nano} nanoTON more than it has, because its block was lost; the pool bears it")]
    private partial void LogWrittenOff(string client, long nano);

    [LoggerMessage(1723, LogLevel.Information, "{Count} blocks of silos that are gone went back to their clients")]
    private partial void LogExpired(int count);
}
