using System.Globalization;
using System.Net.Http.Json;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

public sealed class SettlementCrashTests(LivePool live)
{
    [Fact]
    public async Task Settle_WhenTheSiloIsKilledBetweenBroadcastAndConfirmation_PaysEachBatchOnce()
    {
        var traffic = await new DemoTraffic(live.Http, live.Pool.SiloUrl, live.ClientKey, TimeProvider.System)
            .Send(new DemoOptions(2, 12, [LivePool.Model], false), Prompts.Load(), () => { }, CancellationToken.None);
        traffic.Failures.ShouldBeEmpty();
        var epoch = (await live.Operator.Stats(CancellationToken.None)).CurrentEpoch.Number;
        await live.Waiting.Until("the receipts", TimeSpan.FromSeconds(30), async () =>
            (await live.Operator.Tallies(epoch, CancellationToken.None)).Sum(t => t.Tasks) >= 12, CancellationToken.None);
        await Deposit(Ton.FromTon(20));
        await new MeasuredUptime(live.Operator, live.Waiting).Of(live.Members, epoch, CancellationToken.None);
        var before = await Newest();

        // Messages take some blocks to land: long enough to find the silo between broadcast and confirmation.
        await Faults(new { delay_blocks = 6 });
        var closing = await live.Operator.FinalizeEarly(CancellationToken.None);
        closing.Epoch.ShouldBe(epoch);
        await live.Waiting.Until("the first batch to be signed and sent", TimeSpan.FromSeconds(60), async () =>
            (await live.Operator.Settlement(epoch, CancellationToken.None)).Batches.Any(b => b.Phase == "signed"), CancellationToken.None);
        var silo = RunRecord.ReadAll(live.Pool.State.Run).Single(r => r.Name == SiloService.Name);
        ProcessSignal.Send(silo.Process.Pid, ProcessSignal.Kill);
        await live.Waiting.Until("the silo's end", TimeSpan.FromSeconds(10), () => Task.FromResult(!silo.Process.IsRunning), CancellationToken.None);
        await Faults(new { });
        await live.Pool.Supervisor.Start(live.Pool.Silo, CancellationToken.None);

        var settled = await live.Waiting.For("the settlement", TimeSpan.FromSeconds(120), async () =>
            await live.Operator.Settlement(epoch, CancellationToken.None) is { Phase: "settled" } done ? done : null, CancellationToken.None);

        settled.Batches.Count.ShouldBeGreaterThanOrEqualTo(live.Members.Count, "a batch for each payout");
        settled.PaidNano.ShouldBe(settled.TotalNano);
        // The coins arrive a block or two after the contract's state proved the batch; another payment afterwards gives a second one time to show.
        await live.Waiting.Until("the payments to arrive", TimeSpan.FromSeconds(30), async () =>
        {
            foreach (var member in live.Members)
            {
                if ((await Payments(member, before)).Count == 0)
                    return false;
            }
            return true;
        }, CancellationToken.None);
        await Deposit(Ton.FromTon(1));
        foreach (var member in live.Members)
        {
            var due = (await live.Operator.Earnings(member.Wallet.Address, CancellationToken.None)).History.Single(h => h.Epoch == epoch);
            var arrived = await Payments(member, before);
            arrived.Count.ShouldBe(1, $"{member.Name} is paid once");
            $"{arrived[0].ReceivedNano}".ShouldBe(due.PayableNano);
        }
        await AssertProven(epoch);
        await live.AgentsAreBack();
    }

    /// <summary>What the operator's own tools say of it, from the receipts to the chain.</summary>
    private async Task AssertProven(long epoch)
    {
        var audit = await live.Admin("payment", "audit", $"{epoch}");
        audit.ExitCode.ShouldBe(0, audit.Output + audit.Error);
        audit.Output.ShouldContain("Every participant got exactly their share.");
        var now = TimeProvider.System.GetUtcNow();
        var reconciled = await live.Admin("payment", "reconcile", "--date", Day(now.AddDays(-1)), "--until", Day(now));
        reconciled.ExitCode.ShouldBe(0, reconciled.Output + reconciled.Error);
        reconciled.Output.ShouldContain("Ledger, settlements and chain agree.");

        static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private async Task Deposit(long nano)
    {
        var sponsor = await live.Wallets.Create("crash-sponsor", CancellationToken.None);
        await live.Chain.Faucet(sponsor.Address, nano + Ton.FromTon(10), CancellationToken.None);
        await live.Wallets.Send("crash-sponsor", live.Pool.Deployment.Distribution, nano, "revenue", CancellationToken.None);
        await live.Waiting.Until("the revenue", TimeSpan.FromSeconds(30), async () =>
            Ton.Parse((await live.Operator.Stats(CancellationToken.None)).CurrentEpoch.RevenueNano) >= nano, CancellationToken.None);
    }

    private async Task<List<ChainTransaction>> Payments(DemoMember member, Dictionary<string, long> before) =>
        [.. (await live.Chain.Transactions(member.Wallet.Address, CancellationToken.None))
            .Where(t => t.Lt > before[member.Name] && t.Source.Length > 0 && RawAddress.Of(t.Source) == live.Pool.Deployment.Distribution)];

    private async Task<Dictionary<string, long>> Newest()
    {
        var newest = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in live.Members)
            newest[member.Name] = (await live.Chain.Transactions(member.Wallet.Address, CancellationToken.None)).Max(t => t.Lt);
        return newest;
    }

    private async Task Faults(object faults)
    {
        using var response = await live.Http.PostAsJsonAsync(live.Pool.Chain.ChainUrl + "/dev/faults", faults);
        response.EnsureSuccessStatusCode();
    }
}
