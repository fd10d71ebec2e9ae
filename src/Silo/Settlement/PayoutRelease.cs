using System.Text.Json;
using CocoonPool.Domain.Approvals;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;

namespace CocoonPool.Silo.Settlement;

/// <summary>Lifts the stop of a participant's payouts, if there is one, and lets everything that is withheld from them be claimed.</summary>
public sealed class PayoutRelease(IPayoutFreezes freezes, ISettlementStore settlements, IGrainFactory grains, PoolSettings settings, TimeProvider time) : IApprovedOperation
{
    public const string Name = "payout_release";

    private sealed record Payload(string Participant);

    public string Kind => Name;

    public async Task<string?> Problem(string payload, CancellationToken cancellationToken)
    {
        if (Read(payload) is not { } participant)
            return "payload is {participant}: the address of a participant whose payouts are stopped or withheld.";
        var stopped = (await freezes.List(settings.Id, cancellationToken)).Any(f => f.Participant == participant);
        return stopped || (await settlements.EpochsWithholding(settings.Id, participant, cancellationToken)).Count > 0 ? null : "Nothing of this participant is stopped or withheld.";
    }

    public async Task<(bool Done, string Outcome)> Execute(Approval approval, CancellationToken cancellationToken)
    {
        var participant = Read(approval.Payload) ?? throw new InvalidOperationException($"Approval {approval.Id} has a payload that was never accepted.");
        await freezes.Lift(settings.Id, participant, approval.DecidedBy ?? approval.ProposedBy, time.GetUtcNow(), cancellationToken);
        var epochs = await settlements.EpochsWithholding(settings.Id, participant, cancellationToken);
        foreach (var epoch in epochs)
        {
            // Stopped anew while this was being carried out: the newer word counts.
            if ((await grains.GetGrain<ISettlementGrain>(GrainKeys.Epoch(settings.Id, epoch)).Release(participant)).Refusal is { } refusal)
                return (false, refusal);
        }
        return (true, epochs.Count == 0 ? "lifted" : $"lifted; withheld entries of {epochs.Count} epochs are released");
    }

    /// <summary>Null when it names nobody.</summary>
    private TonAddress? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Payload>(payload, ApiJson.Options) is { Participant: { } participant } ? Names.Address(participant, settings) : null;
        }
        catch (Exception problem) when (problem is JsonException or ApiException)
        {
            return null;
        }
    }
}
