using System.Text.Json;
using CocoonPool.Domain.Approvals;
using CocoonPool.Grains;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;

namespace CocoonPool.Silo.Settlement;

/// <summary>Lifts a freeze of a settlement: one person stops money, two let it go on.</summary>
public sealed class SettlementResume(IGrainFactory grains, PoolSettings settings) : IApprovedOperation
{
    public const string Name = "settlement_resume";

    private sealed record Payload(int Epoch);

    public string Kind => Name;

    public async Task<string?> Problem(string payload, CancellationToken cancellationToken) => Read(payload) is not { } settlement
        ? "payload is {epoch}: the number of the epoch whose settlement is frozen."
        : (await settlement.Describe()).Frozen ? null : "This settlement is not frozen.";

    public async Task<(bool Done, string Outcome)> Execute(Approval approval, CancellationToken cancellationToken)
    {
        var settlement = Read(approval.Payload) ?? throw new InvalidOperationException($"Approval {approval.Id} has a payload that was never accepted.");
        // Lifting always works. What may be refused is to begin at once, when the epoch is not finalized; that comes by itself later.
        return (true, (await settlement.Resume()).Refusal ?? "resumed");
    }

    /// <summary>Null when it names no epoch.</summary>
    private ISettlementGrain? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Payload>(payload, ApiJson.Options) is { } read
                ? grains.GetGrain<ISettlementGrain>(GrainKeys.Epoch(settings.Id, Names.Epoch(read.Epoch)))
                : null;
        }
        catch (Exception problem) when (problem is JsonException or ApiException)
        {
            return null;
        }
    }
}
