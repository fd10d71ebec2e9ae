using CocoonPool.Adapters.Postgres.Audit;
using CocoonPool.Adapters.Postgres.Contributions;
using CocoonPool.Adapters.Postgres.Epochs;
using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Adapters.Postgres.Metering;
using CocoonPool.Adapters.Postgres.Participants;
using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Adapters.Postgres.Reconciliation;
using CocoonPool.Adapters.Postgres.Settlement;
using CocoonPool.Adapters.Postgres.Workers;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Metering;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Reconciliation;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Adapters.Postgres;

/// <summary>The PostgreSQL adapter of every store that the grains name, over the data source of the services.</summary>
public static class PostgresStores
{
    public static IServiceCollection AddPostgresStores(this IServiceCollection services) => services
        .AddSingleton<ILedgerStore, PostgresLedgerStore>()
        .AddSingleton<IParticipantDirectory, PostgresParticipantDirectory>()
        .AddSingleton<ISlashStore, PostgresSlashStore>()
        .AddSingleton<IMisconductReports, PostgresMisconductReports>()
        .AddSingleton<ParticipantStatistics>()
        .AddSingleton<IStakeStore, PostgresStakeStore>()
        .AddSingleton<IPoolEvents, PostgresPoolEvents>()
        .AddSingleton<EventJournal>()
        .AddSingleton<AuditLog>()
        .AddSingleton<IAuditJournal, PostgresAuditJournal>()
        .AddSingleton<IWorkerDirectory, PostgresWorkerDirectory>()
        .AddSingleton<IContributionStore, PostgresContributionStore>()
        .AddSingleton<IContributionArchive, ContributionArchive>()
        .AddSingleton<IEpochStore, PostgresEpochStore>()
        .AddSingleton<ISettlementStore, PostgresSettlementStore>()
        .AddSingleton<IPayoutFreezes, PostgresPayoutFreezes>()
        .AddSingleton<IRevenueStore, PostgresRevenueStore>()
        .AddSingleton<VaultPayments>()
        .AddSingleton<IReconciliationStore, PostgresReconciliationStore>()
        .AddSingleton<IClientBooks, PostgresClientBooks>();
}
