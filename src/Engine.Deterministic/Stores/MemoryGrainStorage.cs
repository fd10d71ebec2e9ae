using System.Text.Json;
using CocoonPool.Engine.Local;

namespace CocoonPool.Engine.Deterministic;

/// <summary>
/// Grain state in memory. Payloads are the JSON bytes that PostgreSQL would hold. The content belongs to this object: give
/// it to a second engine and that one goes on where the first stopped.
/// </summary>
public sealed class MemoryGrainStorage(JsonSerializerOptions json, StoreOperations? operations = null) : IGrainStorage
{
    private readonly StoreOperations _operations = operations ?? StoreOperations.Immediate;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string State, GrainId Grain), Record> _records = [];
    private Func<string, Type, byte[], byte[]>? _otherVersion;
    private int _writes;

    /// <summary>What is stored now, without any fault; for auditors. Null when nothing is.</summary>
    public T? Peek<T>(string stateName, GrainId grainId)
        where T : class
        => Find(stateName, grainId)?.Payload is { } payload ? JsonSerializer.Deserialize<T>(payload, json) : null;

    /// <summary>
    /// What another version of the program writes in place of this one, which gets the state's name, its type and the JSON. Setting it rewrites everything
    /// that is stored, as after an upgrade; from then on every second write is the other version's, as while silos of both run side by side.
    /// Null lets this version write alone; what the other one wrote stays.
    /// </summary>
    public Func<string, Type, byte[], byte[]>? OtherVersion
    {
        get => _otherVersion;
        set
        {
            lock (_lock)
            {
                _otherVersion = value;
                if (value is null) return;

                foreach (var (key, record) in _records.ToList())
                {
                    if (record.Payload is { } payload) _records[key] = record with { Payload = value(key.State, record.Type, payload) };
                }
            }
        }
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = await _operations.PerformAsync($"state {stateName}", $"read {grainId}", () => Find(stateName, grainId));
        grainState.State = record?.Payload is { } payload && JsonSerializer.Deserialize<T>(payload, json) is { } state ? state : StateFacet<T>.Fresh();
        grainState.ETag = record?.Version.ToString();
        grainState.RecordExists = record?.Payload is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await StoreAsync("write", stateName, grainId, grainState, JsonSerializer.SerializeToUtf8Bytes(grainState.State, json));
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null) await StoreAsync("clear", stateName, grainId, grainState, null);
        grainState.RecordExists = false;
        grainState.State = StateFacet<T>.Fresh();
    }

    // What is sent is what the state was at the call, as a database would see it, however late the operation is done.
    private async Task StoreAsync<T>(string operation, string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? payload)
    {
        var expected = grainState.ETag;
        grainState.ETag = await _operations.PerformAsync($"state {stateName}", $"{operation} {grainId}", () => Store(typeof(T), stateName, grainId, expected, payload));
    }

    private Record? Find(string stateName, GrainId grainId)
    {
        lock (_lock) return _records.GetValueOrDefault((stateName, grainId));
    }

    private string Store(Type type, string stateName, GrainId grainId, string? expected, byte[]? payload)
    {
        lock (_lock)
        {
            var held = _records.GetValueOrDefault((stateName, grainId));
            if (!string.Equals(expected, held?.Version.ToString(), StringComparison.Ordinal))
            {
                throw new InconsistentStateException($"State '{stateName}' of {grainId} is at version {held?.Version}, not {expected ?? "absent"}.");
            }

            var written = payload is not null && _otherVersion is { } other && ++_writes % 2 == 0 ? other(stateName, type, payload) : payload;
            var next = new Record(type, written, (held?.Version ?? 0) + 1);
            _records[(stateName, grainId)] = next;
            return next.Version.ToString();
        }
    }

    private sealed record Record(Type Type, byte[]? Payload, int Version);
}
