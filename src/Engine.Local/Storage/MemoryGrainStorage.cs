using System.Collections.Concurrent;
using System.Text.Json;

namespace CocoonPool.Engine.Local;

/// <summary>
/// Grain state in memory, for deterministic tests. Payloads are the JSON bytes that PostgreSQL would hold. The content
/// belongs to this object: give it to a second engine and that one goes on where the first stopped.
/// </summary>
public sealed class MemoryGrainStorage(JsonSerializerOptions json) : IGrainStorage
{
    private readonly ConcurrentDictionary<(string State, GrainId Grain), Record> _records = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = _records.GetValueOrDefault((stateName, grainId));
        grainState.State = record?.Payload is { } payload && JsonSerializer.Deserialize<T>(payload, json) is { } state ? state : StateFacet<T>.Fresh();
        grainState.ETag = record?.Version.ToString();
        grainState.RecordExists = record?.Payload is not null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Store(stateName, grainId, grainState, JsonSerializer.SerializeToUtf8Bytes(grainState.State, json));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null) Store(stateName, grainId, grainState, null);
        grainState.RecordExists = false;
        grainState.State = StateFacet<T>.Fresh();
        return Task.CompletedTask;
    }

    private void Store<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? payload)
    {
        var key = (stateName, grainId);
        var held = _records.GetValueOrDefault(key);
        var next = new Record(payload, (held?.Version ?? 0) + 1);
        var stored = grainState.ETag == held?.Version.ToString()
            && (held is null ? _records.TryAdd(key, next) : _records.TryUpdate(key, next, held));
        if (!stored)
        {
            throw new InconsistentStateException($"State '{stateName}' of {grainId} is at version {held?.Version}, not {grainState.ETag ?? "absent"}.");
        }

        grainState.ETag = next.Version.ToString();
    }

    private sealed record Record(byte[]? Payload, int Version);
}
