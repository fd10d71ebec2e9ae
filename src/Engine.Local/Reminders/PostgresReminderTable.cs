using Npgsql;

namespace CocoonPool.Engine.Local;

/// <summary>Reminders in the table OrleansRemindersTable, laid out as the Orleans ADO.NET provider lays them out.</summary>
internal sealed class PostgresReminderTable(NpgsqlDataSource database, LocalEngineOptions options) : IReminderTable
{
    private const string Columns = "grainid, remindername, starttime, period, version";

    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken)
        => QueryAsync($"select {Columns} from orleansreminderstable where serviceid=$1", [options.ServiceId], cancellationToken);

    public Task<IReadOnlyList<ReminderRow>> ReadAsync(GrainId grainId)
        => QueryAsync($"select {Columns} from orleansreminderstable where serviceid=$1 and grainid=$2", [options.ServiceId, grainId.ToString()]);

    public async Task<ReminderRow> UpsertAsync(GrainId grainId, string name, DateTime startAt, TimeSpan period)
    {
        var rows = await QueryAsync(
            $"""
            insert into orleansreminderstable as held (serviceid, grainid, remindername, starttime, period, grainhash, version)
            values ($1, $2, $3, $4, $5, $6, 0)
            on conflict (serviceid, grainid, remindername) do update
            set starttime=excluded.starttime, period=excluded.period, grainhash=excluded.grainhash, version=held.version+1
            returning {Columns}
            """,
            [options.ServiceId, grainId.ToString(), name, startAt, (long)period.TotalMilliseconds, (int)grainId.GetUniformHashCode()]);
        return rows[0];
    }

    public async Task<bool> RemoveAsync(ReminderRow row)
    {
        var removed = await QueryAsync(
            $"delete from orleansreminderstable where serviceid=$1 and grainid=$2 and remindername=$3 and version=$4 returning {Columns}",
            [options.ServiceId, row.GrainId.ToString(), row.Name, int.Parse(row.ETag)]);
        return removed.Count > 0;
    }

    private async Task<IReadOnlyList<ReminderRow>> QueryAsync(string sql, object[] arguments, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var argument in arguments) command.Parameters.Add(new NpgsqlParameter { Value = argument });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<ReminderRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new ReminderRow(
                GrainId.Parse(reader.GetString(0)),
                reader.GetString(1),
                reader.GetFieldValue<DateTime>(2),
                TimeSpan.FromMilliseconds(reader.GetInt64(3)),
                reader.GetInt32(4).ToString()));
        }

        return rows;
    }
}
