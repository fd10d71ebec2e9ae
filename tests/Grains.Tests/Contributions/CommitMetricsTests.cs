using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;

namespace CocoonPool.Grains.Tests.Contributions;

public sealed class CommitMetricsTests
{
    [Fact]
    public async Task Commits_AreCountedAndTimed()
    {
        // Other tests of this process commit too, so each figure is at least what was done here.
        var seen = new ConcurrentDictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == "CocoonPool") l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.AddOrUpdate($"{instrument.Name} {(tags.IsEmpty ? "" : tags[0].Value)}", 1, (_, sum) => sum + 1));
        listener.Start();
        await using var store = await Store.Create();

        await store.Record(Store.Task("task-1", Store.Monday));
        await store.Get<ILedgerStore>().Append(Store.PoolId, [new("deposit", AccountName.Distribution, AccountName.Revenue(new(1)), new(5), TransferKind.Revenue, "deposit", Store.Monday)]);

        seen["contributions_recorded"].ShouldBeGreaterThanOrEqualTo(1);
        seen["ledger_transfers"].ShouldBeGreaterThanOrEqualTo(1);
        seen["commit_latency contributions"].ShouldBeGreaterThanOrEqualTo(1);
        seen["commit_latency ledger"].ShouldBeGreaterThanOrEqualTo(1);
    }
}
