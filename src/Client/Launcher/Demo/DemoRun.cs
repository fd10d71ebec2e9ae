using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Commands;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>The whole life of a small pool: people join, requests are served, the epoch is closed, everybody is paid, and the result is checked.</summary>
public sealed class DemoRun(Checkout checkout, Lifecycle lifecycle, Report report, TimeProvider time)
{
    private readonly Waiting _waiting = new(time);

    public async Task<int> Run(StateDirectory state, DemoOptions options, CancellationToken cancellationToken)
    {
        var mistakes = options.Mistakes();
        if (mistakes.Count > 0)
            throw new LauncherException(string.Join(Environment.NewLine, mistakes));
        var start = time.GetTimestamp();
        await lifecycle.Fresh(state);
        var watchdog = Watchdog.Start(state);
        var keep = false;
        try
        {
            var pool = await RunningPool.Start(checkout, state, options.Silos, DemoSettings.Of(options), report, time, cancellationToken);
            await pool.KeepSilos(cancellationToken);
            var ok = await Play(pool, options, cancellationToken);
            keep = options.Keep;
            Close(ok, pool, state, keep, start);
            return ok ? 0 : 1;
        }
        finally
        {
            if (!keep)
                await new ServiceStop(state.Run, time).StopAll();
            await watchdog.DisposeAsync();
        }
    }

    private async Task<bool> Play(RunningPool pool, DemoOptions options, CancellationToken cancel)
    {
        using var http = SiloFailover.Client(pool.SiloUrls, time);
        var client = new PoolClient(http, pool.SiloUrl, SecretFiles.Read(pool.Secrets.OperatorKey));
        var chain = new LocalChainClient(http, pool.Chain.ChainUrl);
        var wallets = new Wallets(checkout, pool.State, pool.Chain.ChainUrl);

        var members = await new DemoJoining(checkout, pool, client, chain, wallets, _waiting, report).Join(options, cancel);
        var traffic = await Serve(pool, client, http, options, cancel);
        var before = await Baselines(chain, members, cancel);
        await Sponsor(pool, client, chain, wallets, cancel);
        var epoch = (await client.Stats(cancel)).CurrentEpoch.Number;
        await report.Step($"every worker online for {MeasuredUptime.Seconds} s", () => new MeasuredUptime(client, _waiting).Of(members, epoch, cancel));
        var (closing, settlement) = await CloseAndSettle(client, cancel);

        var bundle = await client.Bundle(closing.Epoch, cancel);
        var outcome = await DemoOutcome.Read(client, bundle, members, closing.Epoch, cancel);
        report.Heading($"Epoch {closing.Epoch}: revenue {Ton.Show(Ton.Parse(closing.RevenueNano))} TON, fee {Ton.Show(Ton.Parse(closing.FeeNano))} TON, "
            + $"{settlement.Batches.Count} {(settlement.Batches.Count == 1 ? "batch" : "batches")}");
        report.Table(outcome.Table());
        return await new IndependentCheck(chain, client, pool.Deployment, _waiting, report).Passes(closing.Epoch, bundle, members, before, cancel) && traffic.Failures.Count == 0;
    }

    private async Task<TrafficResult> Serve(RunningPool pool, PoolClient client, HttpClient http, DemoOptions options, CancellationToken cancel)
    {
        var key = await client.CreateKey("client", "demo-app", "demo traffic", cancel);
        var traffic = new DemoTraffic(http, pool.SiloUrl, key.Key, time);
        TrafficResult? result = null;
        await report.Progress("requests (every third streamed)", options.Requests, async done => result = await traffic.Send(options, Prompts.Load(), done, cancel));
        foreach (var failure in result!.Failures.Take(5))
            report.Problem(failure);
        report.Line($"· {result.Answers.Count} answers, {result.Answers.Count(a => a.Streamed)} of them streamed, {result.Tokens} tokens in {result.Took.TotalSeconds:0.0} s");

        var epoch = (await client.Stats(cancel)).CurrentEpoch.Number;
        await report.Step("receipts of all requests durable", () => _waiting.Until("the receipts of all requests", TimeSpan.FromSeconds(60), async () =>
            (await client.Tallies(epoch, cancel)).Sum(t => t.Tasks) >= result.Answers.Count, cancel));
        return result;
    }

    /// <summary>What each wallet held before it could be paid, and up to which transaction.</summary>
    private static async Task<Dictionary<string, WalletBaseline>> Baselines(LocalChainClient chain, IReadOnlyList<DemoMember> members, CancellationToken cancel)
    {
        var before = new Dictionary<string, WalletBaseline>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            var newest = (await chain.Transactions(member.Wallet.Address, cancel)).Select(t => t.Lt).DefaultIfEmpty().Max();
            before[member.Wallet.Address] = new(await chain.Balance(member.Wallet.Address, cancel), newest);
        }
        return before;
    }

    private Task Sponsor(RunningPool pool, PoolClient client, LocalChainClient chain, Wallets wallets, CancellationToken cancel) =>
        report.Step($"a sponsor pays {DemoOptions.SponsoredTon} TON of revenue into the distribution contract", async () =>
        {
            var sponsor = await wallets.Create("sponsor", cancel);
            await chain.Faucet(sponsor.Address, Ton.FromTon(DemoOptions.SponsoredTon + 10), cancel);
            await wallets.Send("sponsor", pool.Deployment.Distribution, Ton.FromTon(DemoOptions.SponsoredTon), "inference for the demo", cancel);
            await _waiting.Until("the revenue to be booked", TimeSpan.FromSeconds(30), async () =>
                Ton.Parse((await client.Stats(cancel)).CurrentEpoch.RevenueNano) >= Ton.FromTon(DemoOptions.SponsoredTon), cancel);
        });

    private async Task<(ClosingView Closing, SettlementView Settlement)> CloseAndSettle(PoolClient client, CancellationToken cancel)
    {
        var closing = await report.Step("the epoch is closed", () => client.FinalizeEarly(cancel));
        await client.Settle(closing.Epoch, cancel);
        var settlement = await report.Step("the chain pays, batch by batch", () => _waiting.For("the settlement", TimeSpan.FromSeconds(120), async () =>
        {
            var now = await client.Settlement(closing.Epoch, cancel);
            return now.Trouble is { } trouble ? throw new LauncherException($"The settlement has trouble: {trouble}") : now.Phase == "settled" ? now : null;
        }, cancel));
        return (closing, settlement);
    }

    private void Close(bool ok, RunningPool pool, StateDirectory state, bool keep, long start)
    {
        report.Line();
        if (ok)
            report.Success($"Everybody was paid exactly their share. The whole demo took {report.Seconds(start)}.");
        else
            report.Problem($"The demo failed after {report.Seconds(start)}; what differs is named above. Logs: {state.Logs}");
        if (!keep)
            return;
        report.Line($"The pool goes on running. Console: {pool.ConsoleUrl}");
        report.Line($"Stop it with ./cocoon down --state \"{state.Path}\"");
    }
}
