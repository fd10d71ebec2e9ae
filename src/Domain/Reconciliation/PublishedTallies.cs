using System.Numerics;
using System.Text.Json;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>The figures of each participant as a published bundle has them.</summary>
public static class PublishedTallies
{
    /// <exception cref="JsonException">It is no bundle.</exception>
    public static IReadOnlyList<ParticipantTally> Read(byte[] bundle)
    {
        using var document = JsonDocument.Parse(bundle);
        return [.. document.RootElement.GetProperty("participants").EnumerateArray().Select(Read)];
    }

    private static ParticipantTally Read(JsonElement participant) => new(
        TonAddress.Parse(participant.GetProperty("address").GetString()!),
        Number(participant, "adjusted_tokens"), Number(participant, "gpu_milliseconds"), Number(participant, "tasks"), Number(participant, "quality_tokens"),
        (long)Number(participant, "failed_tasks"));

    private static BigInteger Number(JsonElement participant, string name) => BigInteger.Parse(participant.GetProperty(name).GetString()!);
}
