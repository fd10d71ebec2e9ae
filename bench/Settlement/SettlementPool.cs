using System.Globalization;
using System.Text.Json;
using CocoonPool.Bench.Accounting;
using CocoonPool.Bench.Harness;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Epochs;
using CocoonPool.TestKit.Processes;
using CocoonPool.TestKit.Ton;

namespace CocoonPool.Bench.Settlement;

/// <summary>A pool with an epoch to pay: database, local chain, gateway and silo, each a process of its own.</summary>
internal sealed class SettlementPool : IAsyncDisposable
{
    private const int BalancesAtOnce = 1_000;
    private static readonly EpochNumber Epoch = new(1);

    private readonly PoolDatabase _database;
    private readonly StreamWriter _log;
    private readonly string _folder;

    private SettlementPool(PoolDatabase database, LocalTon ton, KeptService silo, string folder, StreamWriter log) =>
        (_database, Ton, Silo, _folder, _log) = (database, ton, silo, folder, log);

    public LocalTon Ton { get; }

    public KeptService Silo { get; }

    /// <summary>A pool whose open epoch has a share of about one TON for each participant, and a contract that holds them.</summary>
    public static async Task<SettlementPool> Start(BenchContext context, int participants)
    {
        var folder = Directory.CreateTempSubdirectory("cocoon-bench-settlement-").FullName;
        var log = new StreamWriter(Path.Combine(folder, "log")) { AutoFlush = true };
        var database = await PoolDatabase.Create(context, "settlement");
        await database.Execute(
            $"""
            insert into participants (pool_id, address, state, joined_at, payout_address, min_payout, stake, required_stake, gpus, reputation)
            select '{PoolDatabase.PoolId}', a, 'Active', now() - interval '40 days', a, 50000000, 0, 0, 1, 500 from ({AccountingPool.Addresses(participants)}) p (a)
            """);
        await database.Execute(
            $"""
            insert into epoch_tallies (pool_id, epoch, participant, adjusted_tokens, gpu_milliseconds, tasks, failed_tasks, quality_tokens, prompt_tokens, completion_tokens)
            select '{PoolDatabase.PoolId}', {Epoch}, a, 1000000 + n * 37, 3000000 + n, 100 + n % 7, n % 3, (1000000 + n * 37) * 900000, 5000, 7000
            from (select a, row_number() over () as n from ({AccountingPool.Addresses(participants)}) p (a)) numbered
            """);
        var revenue = Nanotons.FromTon(participants);
        await database.Earn(Epoch, revenue, "revenue");
        var ton = await LocalTon.Start(context.Checkout.Contracts, folder, log, blockMilliseconds: 25);
        await ton.Faucet(ton.Distribution, revenue.Value);
        await ton.Faucet(ton.OperatorWallet, Nanotons.FromTon(1_000).Value);
        var told = new SettlementSilo(database.Connection, ton.Gateway.Url, LocalTon.Token, ton.Distribution, ton.OperatorWallet);
        var silo = new KeptService("silo", _ => GuardedProcess.Start(
            "silo", ["dotnet", context.Program("Bench", "cocoon-bench"), SettlementSilo.Command], told.ToEnvironment(), log));
        await silo.Start();
        return new(database, ton, silo, folder, log);
    }

    /// <summary>Ends the epoch; the silo does the rest.</summary>
    public Task End() => _database.Get<IEpochStore>().BeginClosing(PoolDatabase.PoolId, Epoch, EpochCalendar.WholeMilliseconds(TimeProvider.System.GetUtcNow()));

    /// <summary>How many messages are planned and how many of them are confirmed.</summary>
    public async Task<(long Planned, long Confirmed, bool Settled)> Progress() => (
        await _database.Count("select count(*) from settlement_messages"),
        await _database.Count("select count(*) from settlement_messages where phase = 2"),
        await _database.Count($"select phase from epochs where number = {Epoch}") == (int)EpochState.Settled);

    public async Task<long> OperatorBalance() => (await Balances([Ton.OperatorWallet]))[0];

    /// <summary>Whether no message is on its way any more.</summary>
    public async Task<bool> IsQuiet()
    {
        var stats = await Ton.Dev("stats");
        return stats.GetProperty("queue").GetInt32() + stats.GetProperty("mempool").GetInt32() == 0;
    }

    /// <summary>Compares what every wallet holds with its share. Null when all are right, else the first that is not.</summary>
    public async Task<string?> FirstWrongBalance()
    {
        foreach (var shares in (await _database.Get<IEpochStore>().Payables(PoolDatabase.PoolId, Epoch)).Chunk(BalancesAtOnce))
        {
            var balances = await Balances([.. shares.Select(s => s.PayoutAddress.ToString())]);
            for (var i = 0; i < shares.Length; i++)
            {
                if (balances[i] != shares[i].Amount.Value)
                    return $"{shares[i].PayoutAddress} was to get {shares[i].Amount} and holds {balances[i]}";
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        await Ton.DisposeAsync();
        await _database.DisposeAsync();
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<long[]> Balances(string[] addresses) =>
        [.. (await Ton.Dev("balances", new { addresses })).GetProperty("balances_nano").EnumerateArray().Select(Number)];

    private static long Number(JsonElement value) => long.Parse(value.GetString()!, CultureInfo.InvariantCulture);
}
