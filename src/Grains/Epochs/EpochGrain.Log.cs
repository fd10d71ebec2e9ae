using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Epochs;

public sealed partial class EpochGrain
{
    [LoggerMessage(1301, LogLevel.Information, "Epoch {Epoch} finalized: revenue {RevenueNanotons}, fee {FeeNanotons}, {Participants} participants, bundle {BundleHash}")]
    private partial void LogFinalized(EpochNumber epoch, Nanotons revenueNanotons, Nanotons feeNanotons, int participants, string bundleHash);

    [LoggerMessage(1302, LogLevel.Information, "Months of contributions retired, to be archived and dropped: {Tables}")]
    private partial void LogRetired(string tables);

    [LoggerMessage(1303, LogLevel.Warning, "The settlement of epoch {Epoch} takes long to plan; it goes on, and the calendar looks after it")]
    private partial void LogPlanTakesLong(EpochNumber epoch);
}
