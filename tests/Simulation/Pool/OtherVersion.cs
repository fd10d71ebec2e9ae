using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CocoonPool.PoolSimulation.Pool;

/// <summary>
/// Grain states as another version of the pool writes them. A later one has members that this one does not know; an earlier one lacks
/// those that still have their first value. This version must read both and lose nothing that it knows.
/// </summary>
/// <param name="json">How this version writes.</param>
public sealed class OtherVersion(JsonSerializerOptions json)
{
    private const string Unknown = "AddedInALaterVersion";

    public byte[] Write(Type type, byte[] payload)
    {
        var record = JsonNode.Parse(payload)!.AsObject();
        LeaveOutFirstValues(type, record);
        AddUnknown(json.GetTypeInfo(type), record);
        return JsonSerializer.SerializeToUtf8Bytes(record, json);
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
