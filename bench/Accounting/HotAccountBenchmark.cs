using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using Npgsql;

namespace CocoonPool.Bench.Accounting;

/// <summary>
/// Transfers that all touch one account: the place where a database with a row lock per transfer queues up. The pool's ledger takes
/// what arrives during a commit into the next one, and writes history, hash chain and balances besides.
/// </summary>
public sealed class HotAccountBenchmark : IBenchmark
{
    private const int Clients = 8;

    /// <summary>A caller of the ledger waits without holding a connection, so each client has many transfers on the way, as a gateway that bills requests has.</summary>
    private const int OnTheWay = 128;

    private int _round;

    public string Name => "ledger";

    public string Room => nameof(Accounting);

    public string Summary => "transfers per second on one hot account, beside an UPDATE each";

    public bool DependsOnEngine => false;

    public async Task<IReadOnlyList<Measurement>> Run(BenchContext context)
    {
        await using var database = await PoolDatabase.Create(context, "ledger");
        await database.Execute("create table hot_account (id integer primary key, balance bigint not null) with (fillfactor = 50); insert into hot_account values (1, 0)");
        await database.Earn(new(1), Nanotons.FromTon(1_000_000), "funds");
        var found = await new Contenders()
            .Add("ledger", () => Transfers(database, context))
            .Add("update", () => Updates(database, context))
            .Run(context);
        var books = await database.Get<ILedgerStore>().Verify(PoolDatabase.PoolId, context.Cancellation);
        return
        [
            Goal.HotAccount.Measured(found["ledger"], found["update"]) with
            {
                Broken = books.FirstProblem,
                Note = $"{Clients} clients; at the ledger each with {OnTheWay} transfers on the way, at UPDATE each on its own connection; {books.Transfers:n0} transfers verified afterwards",
            },
        ];
    }

    private async Task<double> Transfers(PoolDatabase database, BenchContext context)
    {
        var store = database.Get<ILedgerStore>();
        var round = ++_round;
        return await Rate.Of(context, Clients * OnTheWay, async (caller, done) =>
        {
            var id = $"r{round}/{caller}/{done}";
            await store.Append(PoolDatabase.PoolId, [new(id, AccountName.Revenue(new(1)), AccountName.OperatorFees, new(1), TransferKind.EpochFee, id, context.Time.GetUtcNow())]);
        });
    }

    private static async Task<double> Updates(PoolDatabase database, BenchContext context)
    {
        var connections = new List<NpgsqlConnection>();
        try
        {
            for (var i = 0; i < Clients; i++)
                connections.Add(await database.Source.OpenConnectionAsync());
            return await Rate.Of(context, Clients, async (client, _) =>
            {
                await using var command = new NpgsqlCommand("update hot_account set balance = balance + 1 where id = 1", connections[client]);
                await command.ExecuteNonQueryAsync();
            });
        }
        finally
        {
            foreach (var connection in connections)
                await connection.DisposeAsync();
        }
    }
}
