using CocoonPool.Chaos.Audit;
using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Growth;
using CocoonPool.Chaos.Harms;
using CocoonPool.Chaos.Load;
using CocoonPool.Chaos.Network;
using CocoonPool.Chaos.Pool;
using CocoonPool.Chaos.Reporting;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Chaos.Running;

/// <summary>One run: a pool of real processes is started, loaded and harmed; then comes peace, and the auditor.</summary>
public sealed class ChaosRun(Checkout checkout, ChaosOptions options, Report report, TimeProvider time)
{
    private static readonly TimeSpan ProgressPace = TimeSpan.FromSeconds(15);
    private readonly AllBooks _books = AllBooks.Empty;

    public async Task<ChaosOutcome> Run(CancellationToken cancel)
    {
        await Clear();
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        await using var pool = await ChaosPool.Start(checkout, options.StateFolder, options.DiskMebibytes, _books.Receipts, report, time, cancel);
        await using var watchdog = Watchdog.Start(pool.State);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(30) };
        var client = new PoolClient(http, pool.SiloUrl, SecretFiles.Read(pool.Secrets.OperatorKey));
        var chain = new LocalChainClient(http, pool.Chain.ChainUrl);
        var wallets = new Wallets(checkout, pool.State, pool.Chain.ChainUrl);
        var joining = new Joining(checkout, pool, client, chain, wallets, time);
        var members = await report.Step($"{options.Members} members join, each with an agent", () => joining.Join(options.Members, cancel));
        // Not what the step answers: that would be printed.
        var key = "";
        await report.Step("a client pays in advance", async () => { key = await joining.PrepaidClient(cancel); });
        var money = new Money(client, chain, wallets, pool.Deployment.Distribution, _books.Closings, time);
        await money.Prepare(cancel);

        var catalogue = new HarmCatalogue(pool);
        var sampler = new ProcessSampler(pool.State.Run, time);
        await Storm(pool, catalogue, new Clients(http, pool.SiloUrl, key, _books.Answers, time), money, sampler, cancel);
        var peace = new Peace(pool, client, money, _books, time);
        var unrest = await report.Step("peace: everything that was begun comes to its end", () => peace.Come(members, cancel));
        var verdict = await report.Step("the auditor reads the database and the chain", async () =>
        {
            var auditor = new Auditor(pool, chain, _books, members);
            return auditor.Judge(await auditor.Read(cancel), time.GetElapsedTime(start), unrest);
        });
        return new(options, startedAt, _books, money.Failures, catalogue.Impossible, sampler.Series, verdict);
    }

    /// <summary>Load, harm and measurement at once, until the time is over.</summary>
    private async Task Storm(ChaosPool pool, HarmCatalogue catalogue, Clients clients, Money money, ProcessSampler sampler, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var mischief = new Mischief(catalogue, _books.Answers, _books.Harms, options.Slowness, time);
        report.Line($"· storm of {options.Duration.TotalMinutes:0.#} min with seed {options.Seed}");
        Task[] work =
        [
            clients.Run(options.Clients, over.Token),
            money.Run(new Random(options.Seed), over.Token),
            mischief.Run(options.Seed, over.Token),
            sampler.Run(over.Token),
            Progress(mischief, over.Token),
        ];
        over.CancelAfter(options.Duration);
        await Task.WhenAll(work);
        foreach (var (_, link) in pool.Links.All)
            link.Weather = LinkWeather.Fair;
        cancel.ThrowIfCancellationRequested();
    }

    private async Task Progress(Mischief mischief, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(ProgressPace, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            report.Line($"  {time.GetElapsedTime(start):mm\\:ss} of {options.Duration:mm\\:ss}: {_books.Answers.Count} answers, {_books.Answers.Failures.Values.Sum()} refused, "
                + $"{_books.Receipts.Acknowledged.Count} receipts acknowledged, {_books.Closings.Closings.Count} epochs closed, {_books.Harms.Done.Count} harms"
                + (mischief.Now.Length > 0 ? $"; now: {mischief.Now}" : ""));
        }
    }

    private async Task Clear()
    {
        var mount = Path.Combine(options.StateFolder, "pool");
        if (Directory.Exists(Path.Combine(options.StateFolder, "run")))
            await new ServiceStop(Path.Combine(options.StateFolder, "run"), time).StopAll();
        await ChaosDisk.UnmountLeftover(mount);
        var folder = new StateDirectory(options.StateFolder);
        await new OutsideData(new StateDirectory(mount)).Remove(CancellationToken.None);
        folder.Remove();
        folder.Create();
    }
}
