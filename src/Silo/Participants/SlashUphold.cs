using System.Text.Json;
using CocoonPool.Domain.Approvals;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Approvals;

namespace CocoonPool.Silo.Participants;

/// <summary>
/// Confirms a slash against its appeal, with the approval's reason as the ruling. A slash that nobody appealed becomes final by itself,
/// and giving a stake back (void) takes one person.
/// </summary>
public sealed class SlashUphold(ISlashStore store, IGrainFactory grains, PoolSettings settings) : IApprovedOperation
{
    public const string Name = "slash_uphold";

    private sealed record Payload(string Participant, string Slash);

    public string Kind => Name;

    public async Task<string?> Problem(string payload, CancellationToken cancellationToken)
    {
        if (Read(payload) is not { } wish)
            return "payload is {participant, slash}: the participant's address and the slash's id, as in GET /api/v1/participants/{address}/slashes.";
        // The address is what people read before they agree: it has to be the one that is hit.
        var slash = await store.Find(settings.Id, wish.Slash, cancellationToken);
        return slash is null || slash.Participant != wish.Participant ? "The participant has no such slash."
            : slash.State != SlashState.Appealed ? $"The slash is {slash.State.ToString().ToLowerInvariant()}; only one that was appealed is upheld."
            : null;
    }

    public async Task<(bool Done, string Outcome)> Execute(Approval approval, CancellationToken cancellationToken)
    {
        var (_, id) = Read(approval.Payload) ?? throw new InvalidOperationException($"Approval {approval.Id} has a payload that was never accepted.");
        var upheld = await grains.GetGrain<ISlashGrain>($"{settings.Id}/{id}").Uphold(approval.Reason);
        return upheld.Refusal is { } refusal ? (false, refusal) : (true, $"slash {id}");
    }

    /// <summary>Null when it names no slash of anybody.</summary>
    private (TonAddress Participant, string Slash)? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Payload>(payload, ApiJson.Options) is { Participant: { } participant, Slash: { Length: > 0 and <= 64 } slash }
                ? (Names.Address(participant, settings), slash)
                : null;
        }
        catch (Exception problem) when (problem is JsonException or ApiException)
        {
            return null;
        }
    }
}
