using System.Security.Cryptography;
using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Bench.Accounting;

/// <summary>Heartbeats through the workers' grains, each crediting uptime that is durable before it is answered.</summary>
public sealed class HeartbeatBenchmark : IBenchmark
{
    private const int PerParticipant = 100;

    public string Name => "heartbeats";

    public string Room => nameof(Accounting);

    public string Summary => "heartbeats per second and core, uptime durable";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        await using var pool = await AccountingPool.Start(context, "heartbeats", 0);
        var workers = await Join(pool, context.Size(4_000, 400));
        var sequences = new long[workers.Count];
        var found = await new Contenders().Add("heartbeats", async () => await Rate.Of(context, workers.Count, async (caller, _) =>
        {
            if (!(await workers[caller].Heartbeat(new($"stream-{caller}", ++sequences[caller], 0, 50))).Accepted)
                throw new InvalidOperationException("A heartbeat was refused.");
        }) / Environment.ProcessorCount).Run(context);
        var wrong = await pool.Database.Get<IContributionStore>().CompareTallies(PoolDatabase.PoolId, new(1), repair: false, context.Cancellation);
        var credited = await pool.Database.Count("select count(*) from uptime_marks where credited_until > since");
        return
        [
            Goal.Heartbeats.Measured(found["heartbeats"]) with
            {
                Broken = wrong.Count > 0 ? $"{wrong.Count} tallies of uptime differ from its spans" : credited < workers.Count ? $"only {credited} of {workers.Count} workers were credited" : null,
                Note = $"{workers.Count:n0} workers at once; the rate of the machine divided by its {Environment.ProcessorCount} cores, on which PostgreSQL ran too",
            },
        ];
    }

    private static async Task<List<IWorkerGrain>> Join(AccountingPool pool, int count)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        for (var participant = 0; participant * PerParticipant < count; participant++)
        {
            var address = PoolDatabase.Participant(participant);
            Require(await pool.Grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolDatabase.PoolId, address)).Register());
            await pool.Database.Get<ILedgerStore>().Append(PoolDatabase.PoolId,
                [new($"stake-{participant}", AccountName.StakeAccounts, AccountName.Stake(address), Nanotons.FromTon(800), TransferKind.StakeDeposit, "bench", TimeProvider.System.GetUtcNow())]);
        }

        var workers = Enumerable.Range(0, count).Select(i => pool.Grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(PoolDatabase.PoolId, new WorkerId($"worker-{i}")))).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            Require(await workers[i].Register(new(
                PoolDatabase.Participant(i / PerParticipant), "H100", 1, 80, 16, 64, [new("demo", 4096, 8)], 1000, "bench", "bench", publicKey)));
            Require(await workers[i].Attest());
            Require(await workers[i].Activate());
            await workers[i].OpenStream(new($"stream-{i}", "bench"));
        });
        return workers;
    }

    private static void Require<T>(Outcome<T> outcome)
        where T : class
    {
        if (!outcome.Accepted)
            throw new InvalidOperationException(outcome.Message);
    }
}
