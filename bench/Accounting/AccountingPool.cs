using CocoonPool.Adapters.Postgres;
using CocoonPool.Bench.Engine.Host;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Bench.Accounting;

/// <summary>A pool with its grains over a <see cref="PoolDatabase"/>. Its chain is away, so that closing is measured and not paying.</summary>
internal sealed class AccountingPool : IAsyncDisposable
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(10);

    private readonly EngineHost _host;

    private AccountingPool(PoolDatabase database, EngineHost host) => (Database, _host) = (database, host);

    public PoolDatabase Database { get; }

    public IGrainFactory Grains => _host.Grains;

    public IPoolGrain Pool => Grains.GetGrain<IPoolGrain>(PoolDatabase.PoolId);

    public static async Task<AccountingPool> Start(BenchContext context, string name, int participants)
    {
        var database = await PoolDatabase.Create(context, name);
        var host = await EngineHost.Start(database.Connection, services => services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new PoolSettings { Id = PoolDatabase.PoolId, ChainPollInterval = TimeSpan.FromHours(1) })
            .AddSingleton(new AssignmentTickets(new byte[32]))
            .AddSingleton<IChainGateway, AbsentChain>()
            .AddSingleton<IStakeChain, AbsentChain>()
            .AddSingleton<IWorkerLinks, OpenLinks>()
            .AddPostgresStores());
        var pool = new AccountingPool(database, host);
        var parameters = PoolParameters.Default with { MaxParticipants = 1_000_000, MinPayout = new(50_000_000), HeartbeatInterval = TimeSpan.FromSeconds(30), HeartbeatTimeout = TimeSpan.FromSeconds(90) };
        var created = await pool.Pool.Create(new("Bench", PoolDatabase.Participant(-2), PoolParametersJson.Write(parameters), TimeSpan.FromMinutes(15)));
        if (!created.Accepted)
            throw new InvalidOperationException(created.Message);
        if (participants > 0)
            await database.Execute(
                $"""
                insert into participants (pool_id, address, state, joined_at, payout_address, min_payout, stake, required_stake, gpus, reputation)
                select '{PoolDatabase.PoolId}', a, 'Active', now() - interval '40 days', a, 50000000, 0, 0, 1, 500 from ({Addresses(participants)}) p (a)
                """);
        return pool;
    }

    /// <summary>The addresses of <see cref="PoolDatabase.Participant"/>, made in the database.</summary>
    public static string Addresses(int count) =>
        $"select '0:' || rpad(right(lpad(to_hex(n), 8, '0'), 2) || substr(lpad(to_hex(n), 8, '0'), 5, 2) || substr(lpad(to_hex(n), 8, '0'), 3, 2) || left(lpad(to_hex(n), 8, '0'), 2), 64, '0') from generate_series(1, {count}) n";

    /// <summary>Tallies of every participant, a little different each, and one TON of revenue for each.</summary>
    public async Task Fill(EpochNumber epoch, int participants, bool tallies = true)
    {
        if (tallies)
        {
            await Database.Execute(
                $"""
                insert into epoch_tallies (pool_id, epoch, participant, adjusted_tokens, gpu_milliseconds, tasks, failed_tasks, quality_tokens, prompt_tokens, completion_tokens)
                select '{PoolDatabase.PoolId}', {epoch}, a, 1000000 + n * 37, 3000000 + n, 100 + n % 7, n % 3, (1000000 + n * 37) * 900000, 5000, 7000
                from (select a, row_number() over () as n from ({Addresses(participants)}) p (a)) numbered
                """);
        }

        await Database.Earn(epoch, Nanotons.FromTon(participants), $"revenue-{epoch}");
    }

    /// <summary>Closes the open epoch now, to the end of its settlement's plan, as the pool does at the hour.</summary>
    public async Task<EpochClosing> Close()
    {
        var asked = await Pool.FinalizeEpoch(new(Early: true, DryRun: false));
        if (!asked.Accepted)
            throw new InvalidOperationException($"The epoch could not be closed: {asked.Message}");
        var closing = asked.Value!;
        while ((await Database.Get<IEpochStore>().Find(PoolDatabase.PoolId, closing.Epoch))!.Phase < EpochState.Finalized)
            await Task.Delay(LookPeriod);
        while (!await Planned(closing.Epoch))
        {
        }
        return closing;
    }

    /// <summary>Waits for the plan of the epoch's settlement; false when it takes longer than a call may.</summary>
    private async Task<bool> Planned(EpochNumber epoch)
    {
        try
        {
            await Grains.GetGrain<ISettlementGrain>(GrainKeys.Epoch(PoolDatabase.PoolId, epoch)).Begin();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Database.DisposeAsync();
    }
}
