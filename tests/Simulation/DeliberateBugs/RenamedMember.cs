using System.Text.Json;
using System.Text.Json.Nodes;
using CocoonPool.Grains.Participants;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

/// <summary>Reads and writes its own name of the member, and so looks right as long as it is alone.</summary>
internal static class RenamedMember
{
    public static byte[] Write(string state, Type type, byte[] payload)
    {
        if (type != typeof(ParticipantRecord))
            return payload;
        var record = JsonNode.Parse(payload)!.AsObject();
        record["SmallestPayout"] = record[nameof(ParticipantRecord.MinPayout)]?.DeepClone();
        record.Remove(nameof(ParticipantRecord.MinPayout));
        return JsonSerializer.SerializeToUtf8Bytes(record);
    }
}
