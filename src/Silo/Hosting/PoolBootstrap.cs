using CocoonPool.Adapters.Postgres;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Hosting;

/// <summary>What has to be true before the engine starts: the schema is this version's.</summary>
public sealed partial class SchemaGate(Migrator migrator, IHostEnvironment environment, ILogger<SchemaGate> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsDevelopment())
            LogMigrated(string.Join(", ", await migrator.Up(cancellationToken)));
        else
            await migrator.Verify(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1501, LogLevel.Information, "Database schema is up to date; migrations run now: [{Versions}]")]
    private partial void LogMigrated(string versions);
}

/// <summary>What has to be true once the engine runs: the pool exists, the first operator key is known, and the chain is watched.</summary>
public sealed class PoolBootstrap(
    IGrainFactory grains, ApiKeys keys, IOptions<PoolOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var pool = options.Value;
        if (pool.OperatorKeyFile is { Length: > 0 } file)
            await keys.Register(pool.Id, Secrets.Read(file, "Pool:OperatorKeyFile"), "operator", "operator", "bootstrap", cancellationToken);
        if (!TonAddress.TryParse(pool.OperatorWallet, pool.Network, out var wallet, out var problem))
            throw new InvalidOperationException($"Pool:OperatorWallet: {problem}");
        var parameters = PoolParameters.Default with
        {
            EpochDuration = pool.EpochDuration,
            HeartbeatInterval = pool.HeartbeatInterval,
            HeartbeatTimeout = pool.HeartbeatTimeout,
            MinPayout = new(pool.MinPayoutNano),
        };
        var created = await grains.GetGrain<IPoolGrain>(pool.Id).Create(new(pool.Name, wallet, PoolParametersJson.Write(parameters), pool.EpochGrace));
        if (!created.Accepted)
            throw new InvalidOperationException($"The pool cannot be created: {created.Message}");
        await grains.GetGrain<IRevenueGrain>(pool.Id).Watch();
        await grains.GetGrain<IStakeWatchGrain>(pool.Id).Watch();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
