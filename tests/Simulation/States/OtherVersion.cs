using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CocoonPool.PoolSimulation.States;

/// <summary>
/// Grain states as other versions of the pool write them, two in one: a later one has members that this one does not know; an earlier one
/// has read the state, dropped what it does not know (the members of the last change) and left out first values. This version must read
/// what they make of it, and nothing that was acknowledged may be lost.
/// </summary>
/// <param name="json">How this version writes.</param>
public sealed class OtherVersion(JsonSerializerOptions json)
{
    private const string Unknown = "AddedInALaterVersion";

    private static readonly Dictionary<string, IReadOnlySet<string>> Known = [];

    /// <param name="state">The state's name; null when no earlier version of it is to be played.</param>
    public byte[] Write(Type type, byte[] payload, string? state = null)
    {
        var record = JsonNode.Parse(payload)!.AsObject();
        if (state is not null)
            DropUnknown(state, record);
        LeaveOutFirstValues(type, record);
        AddUnknown(json.GetTypeInfo(type), record);
        return JsonSerializer.SerializeToUtf8Bytes(record, json);
    }

    private static void DropUnknown(string state, JsonObject record)
    {
        IReadOnlySet<string>? known;
        lock (Known)
        {
            if (!Known.TryGetValue(state, out known))
                Known[state] = known = StoredPayloads.MembersBefore(state);
        }

        foreach (var (name, _) in record.Where(member => !known.Contains(member.Key)).ToList())
            record.Remove(name);
    }

    private void LeaveOutFirstValues(Type type, JsonObject record)
    {
        var fresh = JsonSerializer.SerializeToNode(Activator.CreateInstance(type), type, json)!.AsObject();
        foreach (var (name, value) in fresh)
        {
            if (JsonNode.DeepEquals(record[name], value))
                record.Remove(name);
        }
    }

    /// <summary>In every object that is a record; in a dictionary a new member would be an entry.</summary>
    private void AddUnknown(JsonTypeInfo info, JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array when info.Kind == JsonTypeInfoKind.Enumerable:
                foreach (var item in array)
                    AddUnknown(json.GetTypeInfo(info.ElementType!), item);
                break;
            case JsonObject record when info.Kind == JsonTypeInfoKind.Object:
                foreach (var property in info.Properties.Where(property => record.ContainsKey(property.Name)))
                    AddUnknown(json.GetTypeInfo(property.PropertyType), record[property.Name]);
                record[Unknown] = new JsonObject { ["Deep"] = new JsonArray(1, "two", null) };
                break;
        }
    }
}
