using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace CocoonPool.Engine.Local;

/// <summary>
/// Grain state in the table OrleansStorage, with the keys, hashes and JSON payloads of the Orleans ADO.NET provider: either
/// engine opens what the other wrote. The ETag is the row's version.
/// </summary>
internal sealed class PostgresGrainStorage(NpgsqlDataSource database, LocalEngineOptions options) : IGrainStorage
{
    private const string Key =
        "grainidhash=$1 and graintypehash=$2 and grainidn0=$3 and grainidn1=$4 and graintypestring=$5 and grainidextensionstring is not distinct from $6 and serviceid=$7";

    private const string Read = $"select payloadbinary, version from orleansstorage where {Key}";

    // The key is unique with nulls not distinct, so of two first writes one inserts and the other gets no row back.
    private const string Insert =
        """
        insert into orleansstorage (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid, payloadbinary, modifiedon, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, now() at time zone 'utc', 1) on conflict do nothing returning version
        """;

    private const string Update =
        $"update orleansstorage set payloadbinary=$8, modifiedon=now() at time zone 'utc', version=version+1 where {Key} and version=$9 returning version";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var command = Command(Read, stateName, grainId);
        await using var reader = await command.ExecuteReaderAsync();
        var found = await reader.ReadAsync();
        var exists = found && !await reader.IsDBNullAsync(0);
        grainState.State = exists && JsonSerializer.Deserialize<T>(reader.GetFieldValue<byte[]>(0), options.Json) is { } state ? state : StateFacet<T>.Fresh();
        grainState.ETag = found ? reader.GetInt32(1).ToString() : null;
        grainState.RecordExists = exists;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await StoreAsync("write", stateName, grainId, grainState, JsonSerializer.SerializeToUtf8Bytes(grainState.State, options.Json));
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // The row stays, without payload: its version keeps a late writer from bringing the old state back.
        if (grainState.ETag is not null) await StoreAsync("clear", stateName, grainId, grainState, null);
        grainState.RecordExists = false;
        grainState.State = StateFacet<T>.Fresh();
    }

    private async Task StoreAsync<T>(string operation, string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? payload)
    {
        await using var command = Command(grainState.ETag is null ? Insert : Update, stateName, grainId);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)payload ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        if (grainState.ETag is not null) command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = int.Parse(grainState.ETag) });
        grainState.ETag = await command.ExecuteScalarAsync() is int version
            ? version.ToString()
            : throw new InconsistentStateException(
                $"Could not {operation} state '{stateName}' of {grainId}: the stored version is not {grainState.ETag ?? "absent"}.");
    }

    private NpgsqlCommand Command(string sql, string stateName, GrainId grainId)
    {
        var key = StorageKey.Of(stateName, grainId);
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.IdHash });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.TypeHash });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key.N0 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key.N1 });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.TypeString });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)key.Extension ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = options.ServiceId });
        return command;
    }
}
