using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.PoolSimulation.States;

namespace CocoonPool.PoolSimulation.Tests.Versions;

/// <summary>
/// Grain states that a pool has stored must be read for ever, see <see cref="StoredPayloads"/>: a member that is renamed or removed is
/// missing when the payload is written again.
/// </summary>
public sealed class StoredStates
{
    private static readonly JsonSerializerOptions Json = DomainJson.Configure(new LocalEngineOptions().Json);

    private static readonly IReadOnlyDictionary<string, Type> States = typeof(PoolGrain).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(Grain)))
        .SelectMany(type => type.GetConstructors().SelectMany(constructor => constructor.GetParameters()))
        .Where(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>() is not null)
        .ToDictionary(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>()!.StateName, parameter => parameter.ParameterType.GetGenericArguments()[0], StringComparer.Ordinal);

    public static TheoryData<string> Payloads => [.. StoredPayloads.All.Keys];

    public static TheoryData<string> Names => [.. States.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Payload_OfEveryVersion_IsReadWithoutLosingAnything(string payload)
    {
        var (stored, type) = Read(payload);

        var again = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(stored, type, Json), type, Json);

        Missing(stored, again, "$").ShouldBeEmpty($"{payload}: a member was renamed or removed, and what pools have stored in it would be lost");
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Payload_OfALaterVersion_IsReadAsIfItWereOfThisOne(string payload)
    {
        var (stored, type) = Read(payload);
        var later = JsonNode.Parse(new OtherVersion(Json).Write(type, JsonSerializer.SerializeToUtf8Bytes(stored)))!;

        var again = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(later, type, Json), type, Json);

        JsonNode.DeepEquals(again, JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(stored, type, Json), type, Json)).ShouldBeTrue(again?.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void State_HasEveryMemberInItsNewestPayload(string name)
    {
        var newest = StoredPayloads.All.Keys.LastOrDefault(payload => payload.EndsWith($"/{name}", StringComparison.Ordinal));
        newest.ShouldNotBeNull($"the state '{name}' has no payload in tests/Simulation/States");

        Unset(Json.GetTypeInfo(States[name]), Read(newest).Stored, "$")
            .ShouldBeEmpty($"a member was added: write it into a {name}.json in the next version's folder of tests/Simulation/States, so that it can never be renamed unseen");
    }

    private static (JsonNode Stored, Type Type) Read(string payload) => (JsonNode.Parse(StoredPayloads.All[payload])!, States[payload.Split('/')[1]]);

    private static IEnumerable<string> Missing(JsonNode? stored, JsonNode? again, string at) => (stored, again) switch
    {
        (JsonObject before, JsonObject after) => before.SelectMany(member => Missing(member.Value, after[member.Key], $"{at}.{member.Key}")),
        (JsonArray before, JsonArray after) when before.Count == after.Count => before.SelectMany((item, i) => Missing(item, after[i], $"{at}[{i}]")),
        _ => JsonNode.DeepEquals(stored, again) ? [] : [at],
    };

    /// <summary>Members that have no value in the payload: a list must have an item, so that the items' members are seen too.</summary>
    private static IEnumerable<string> Unset(JsonTypeInfo info, JsonNode? node, string at) => (info.Kind, node) switch
    {
        (_, null) => [at],
        (JsonTypeInfoKind.Object, JsonObject record) => info.Properties.Where(p => p.Set is not null || IsParameter(info, p))
            .SelectMany(p => Unset(Json.GetTypeInfo(p.PropertyType), record[p.Name], $"{at}.{p.Name}")),
        (JsonTypeInfoKind.Enumerable, JsonArray array) => array.Count == 0 ? [at] : array.Take(1).SelectMany(item => Unset(Json.GetTypeInfo(info.ElementType!), item, $"{at}[0]")),
        (JsonTypeInfoKind.Dictionary, JsonObject entries) => entries.Count == 0 ? [at] : [],
        _ => [],
    };

    private static bool IsParameter(JsonTypeInfo info, JsonPropertyInfo property) =>
        info.Type.GetConstructors().SelectMany(c => c.GetParameters()).Any(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase));
}
