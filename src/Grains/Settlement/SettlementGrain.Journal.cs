using System.Text.Json;
using CocoonPool.Grains.Audit;

namespace CocoonPool.Grains.Settlement;

// The audit line of each step, written before the step is persisted.
public sealed partial class SettlementGrain
{
    private Task Audit(string step, object? detail = null) => Write($"settlement/{Number}/{step}", step.Split('/')[0], $"epoch/{Number}", detail);

    /// <param name="once">What tells this time from another of the same message, such as the hash of its signature.</param>
    private Task Audit(SettlementMessage message, string step, string once, object? detail = null) => Write(
        $"settlement/{Number}/{message.Index}/{step}/{once}", step,
        message switch
        {
            { Index: SettlementMessage.OpenEpoch } => $"epoch/{Number}/opening",
            { IsRelease: true } => $"epoch/{Number}/release/{-message.Index}",
            _ => $"epoch/{Number}/batch/{message.Index}",
        },
        detail);

    private Task Write(string operation, string step, string what, object? detail) =>
        journal.Write(PoolId, new AuditStep(operation, $"settlement_{step}", what, time.GetUtcNow(), detail is null ? null : JsonSerializer.Serialize(detail, DomainJson.Options)));
}
