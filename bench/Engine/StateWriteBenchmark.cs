using System.Text.Json;
using CocoonPool.Bench.Engine.Host;
using CocoonPool.Bench.Harness;
using Npgsql;

namespace CocoonPool.Bench.Engine;

/// <summary>What durable grain state costs beside the same bytes written by hand: one row per key, one statement per write.</summary>
public sealed class StateWriteBenchmark : IBenchmark
{
    private const int Many = 64;

    private const string Plain =
        "insert into bench_plain (key, payload, version) values ($1, $2, 1) on conflict (key) do update set payload = excluded.payload, version = bench_plain.version + 1";

    private static readonly Row OneCaller = Writes(1, "one caller");
    private static readonly Row ManyCallers = Writes(Many, "64 callers, a grain each");

    public string Name => "state";

    public string Room => nameof(Engine);

    public string Summary => "grain state written to PostgreSQL";

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        var connection = await context.Database("state");
        await using var host = await EngineHost.Start(connection);
        await using var database = NpgsqlDataSource.Create(connection);
        await using (var create = database.CreateCommand("create table bench_plain (key bigint primary key, payload bytea not null, version integer not null)"))
            await create.ExecuteNonQueryAsync();
        var grains = Enumerable.Range(0, Many).Select(i => host.Grains.GetGrain<ITallyGrain>(i)).ToArray();
        var payload = JsonSerializer.SerializeToUtf8Bytes(new TallyState());
        var found = await new Contenders()
            .Add("grain, 1", () => Rate.Of(context, 1, (_, i) => grains[0].Add(i)))
            .Add("upsert, 1", () => Rate.Of(context, 1, (_, _) => Upsert(database, 0, payload)))
            .Add("grain, 64", () => Rate.Of(context, Many, (caller, i) => grains[caller].Add(i)))
            .Add("upsert, 64", () => Rate.Of(context, Many, (caller, _) => Upsert(database, caller, payload)))
            .Run(context);
        return [OneCaller.Measured(found["grain, 1"], found["upsert, 1"]), ManyCallers.Measured(found["grain, 64"], found["upsert, 64"])];
    }

    private static async Task Upsert(NpgsqlDataSource database, long key, byte[] payload)
    {
        await using var command = database.CreateCommand(Plain);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = payload });
        await command.ExecuteNonQueryAsync();
    }

    private static Row Writes(int callers, string who) => new($"engine-state-write-{callers}", $"grain state writes, {who}", "writes/s", Better.Higher)
    {
        ComparedWith = "plain UPSERT of the same bytes by as many callers",
    };
}
