using System.Numerics;
using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Epochs;
using CocoonPool.Silo.Participants;
using CocoonPool.Silo.Settlement;
using CocoonPool.Silo.Workers;

namespace CocoonPool.Silo.Pool;

/// <summary>Puts the public picture of the pool together: for the API and, once a second, for the console.</summary>
public sealed class PoolOverview(
    IGrainFactory grains, IEpochStore epochs, IContributionStore contributions, ILedgerStore ledger, ISettlementStore settlements,
    IParticipantDirectory participants, IWorkerDirectory workers, PoolStatistics statistics, PoolSettings settings)
{
    /// <summary>The answer of <c>GET /api/v1/pool/stats</c>.</summary>
    public async Task<object> Stats(CancellationToken cancellationToken)
    {
        var pool = await grains.GetGrain<IPoolGrain>(settings.Id).Describe() ?? throw ApiException.NotFound("The pool is not created yet.");
        var people = await participants.List(settings.Id, cancellationToken);
        var fleet = await workers.List(settings.Id, cancellationToken);
        var epoch = await Current(cancellationToken);
        var tallies = await contributions.Tallies(settings.Id, epoch.Number, cancellationToken);
        var figures = await statistics.Read(settings.Id, cancellationToken);
        var revenue = epoch.Phase == EpochState.Open ? (await ledger.Account(settings.Id, AccountName.Revenue(epoch.Number), cancellationToken)).Balance : epoch.Revenue;
        return new
        {
            pool.Id,
            pool.Name,
            pool.State,
            participants = new { total = people.Count, active = people.Count(p => p.State == ParticipantState.Active) },
            workers = new { total = fleet.Count, active = fleet.Count(IsServing) },
            gpus = fleet.Where(IsServing).Sum(w => w.Registration.GpuCount),
            currentEpoch = new
            {
                epoch.Number,
                epoch.Phase,
                epoch.Start,
                epoch.End,
                revenueNano = revenue,
                tasks = (long)Sum(tallies, t => t.Tally.Tasks),
                tokens = tallies.Sum(t => t.PromptTokens + t.CompletionTokens),
                gpuSeconds = (long)(Sum(tallies, t => t.Tally.GpuMilliseconds) / 1000),
            },
            performance = new { requests_24h = figures.Requests, errors_24h = figures.Errors, p50_ms = figures.P50Ms, p95_ms = figures.P95Ms, p99_ms = figures.P99Ms },
            economics = new
            {
                paidTotalNano = new Nanotons(figures.PaidTotal),
                stakeTotalNano = new Nanotons(figures.StakeTotal),
                PoolParametersJson.Read(pool.Parameters).FeeBps,
            },
        };
    }

    /// <summary>The frame that the console shows: stats, workers, the current epoch, the last settlement and its payouts. Public figures only.</summary>
    public async Task<object> Frame(CancellationToken cancellationToken)
    {
        var epoch = await Current(cancellationToken);
        var shown = await epochs.LastFinalized(settings.Id, cancellationToken);
        var settlement = shown is null ? null : await grains.GetGrain<ISettlementGrain>(GrainKeys.Epoch(settings.Id, shown.Number)).Describe();
        return new
        {
            type = "overview",
            pool = await Stats(cancellationToken),
            workers = (await WorkerEndpoints.Live(await workers.List(settings.Id, cancellationToken), grains, settings)).Select(WorkerEndpoints.PublicView),
            epoch = EpochEndpoints.View(epoch) with
            {
                Tallies = [.. (await contributions.Tallies(settings.Id, epoch.Number, cancellationToken)).Select(t => TallyView.Of(t, epoch.Number))],
            },
            settlement = settlement is null ? null : SettlementEndpoints.View(settlement),
            payouts = (await settlements.Payouts(settings.Id, null, 50, cancellationToken)).Select(p => new
            {
                p.Epoch,
                p.Participant,
                amountNano = p.Amount,
                status = SettlementEndpoints.Status(p),
                transaction = p.TransactionHash,
            }),
        };
    }

    private async Task<EpochDescription> Current(CancellationToken cancellationToken)
    {
        var open = (await epochs.Unsettled(settings.Id, cancellationToken)).FirstOrDefault(e => e.Phase == EpochState.Open);
        return open ?? (await epochs.List(settings.Id, 1, cancellationToken: cancellationToken))[0];
    }

    private static bool IsServing(WorkerDescription worker) => worker.State is WorkerState.Active or WorkerState.Degraded;

    private static BigInteger Sum(IEnumerable<EpochTally> tallies, Func<EpochTally, BigInteger> figure) =>
        tallies.Aggregate(BigInteger.Zero, (sum, t) => sum + figure(t));
}
