using CocoonPool.Chaos.Reporting;
using CocoonPool.Chaos.Running;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Chaos.Tests;

/// <summary>The shortest run that still harms a whole pool. `./cocoon chaos` is the long one.</summary>
public sealed class ShortRun : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cocoon-chaos-{Guid.NewGuid():n}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pool_ThatIsHarmedForHalfAMinute_LeavesTheAuditorWithoutObjection()
    {
        var options = new ChaosOptions(TimeSpan.FromSeconds(30), Seed: 1, _folder);

        var outcome = await new ChaosRun(Checkout.Find(), options, new Report(TimeProvider.System), TimeProvider.System).Run(TestContext.Current.CancellationToken);

        var report = ChaosReport.Write(outcome);
        outcome.Verdict.Objections.ShouldBeEmpty(report);

        // A run in which nothing happens would be without objection too.
        outcome.Books.Harms.Done.Count.ShouldBeGreaterThan(2, report);
        outcome.Books.Answers.Count.ShouldBeGreaterThan(10, report);
        outcome.Books.Receipts.Acknowledged.Count.ShouldBeGreaterThan(10, report);
        outcome.Verdict.Facts.Chain.Deposits.Count.ShouldBeGreaterThan(0, report);
    }
}
