using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.PoolSimulation.Pool;

/// <summary>Everything that the grains ask for from outside, for one life of the engine. A deliberate bug puts its own in place of one.</summary>
public sealed class PoolPorts(PoolDatabase database, ChainModel chain, WorkerStreams streams, StoreOperations operations, TimeProvider time)
{
    public PoolDatabase Database => database;

    public ChainModel Chain => chain;

    public StoreOperations Operations => operations;

    public TimeProvider Time => time;

    public ILedgerStore Ledger { get; set; } = new MemoryLedgerStore(database, operations, time);

    public IEpochStore Epochs { get; set; } = new MemoryEpochStore(database, operations);

    public MemoryContributionStore Contributions { get; set; } = new(database, operations, time);

    public ISettlementStore Settlements { get; set; } = new MemorySettlementStore(database, operations);

    public IRevenueStore Revenue { get; set; } = new MemoryRevenueStore(database, operations, time);

    public IParticipantDirectory Participants { get; set; } = new MemoryParticipantDirectory(database, operations);

    public ISlashStore Slashes { get; set; } = new MemorySlashStore(database, operations);

    public IStakeStore Stakes { get; set; } = new MemoryStakeStore(database, operations);

    public IStakeChain StakeChain { get; set; } = new ModelledStakes(chain, operations);

    public IAuditJournal Journal { get; set; } = new MemoryAuditJournal(database, operations);

    public IChainGateway Gateway { get; set; } = new ModelledGateway(chain, operations);

    public PoolSettings Settings { get; } = new()
    {
        Id = PoolTimes.PoolId,
        Distribution = ChainModel.Distribution,
        Registry = ChainModel.Registry,
        BatchSize = 2,
        SignatureLifetimeSeconds = (int)PoolTimes.SignatureLifetime.TotalSeconds,
        ChainPollInterval = PoolTimes.ChainPoll,
        CalendarPeriod = PoolTimes.Calendar,
        WakePeriod = PoolTimes.Wake,
    };

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(Ledger);
        services.AddSingleton(Epochs);
        services.AddSingleton<IContributionStore>(Contributions);
        services.AddSingleton<IContributionArchive>(Contributions);
        services.AddSingleton(Settlements);
        services.AddSingleton(Revenue);
        services.AddSingleton<IPayoutFreezes>(new MemoryPayoutFreezes(database, operations));
        services.AddSingleton(Slashes);
        services.AddSingleton(Stakes);
        services.AddSingleton(StakeChain);
        services.AddSingleton(Journal);
        services.AddSingleton(Gateway);
        services.AddSingleton<IWorkerLinks>(streams);
        services.AddSingleton(Participants);
        services.AddSingleton<IWorkerDirectory>(new MemoryWorkerDirectory(database, operations));
        services.AddSingleton<IMisconductReports>(new MemoryMisconductReports(database, operations));
        services.AddSingleton<IPoolEvents>(new MemoryPoolEvents(database, operations));
        services.AddSingleton(PoolTimes.Tickets);
        services.AddSingleton(Settings);
    }
}
