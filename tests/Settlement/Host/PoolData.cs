using System.Security.Cryptography;
using System.Text;
using CocoonPool.Adapters.Postgres;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Epochs;
using CocoonPool.Grains.Ledger;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Grains;
using CocoonPool.Grains.Reconciliation;
using CocoonPool.Grains.Settlement;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CocoonPool.Settlement.Tests.Host;

/// <summary>The pool's database as the tests see it: they fill its epochs, and read what the silo has made of them.</summary>
public sealed class PoolData(NpgsqlDataSource database) : IAsyncDisposable
{
    private readonly ServiceProvider _stores = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(database).AddPostgresStores().BuildServiceProvider();

    private static string Pool => SiloOptions.PoolId;

    public IEpochStore Epochs => _stores.GetRequiredService<IEpochStore>();

    public ILedgerStore Ledger => _stores.GetRequiredService<ILedgerStore>();

    public ISettlementStore Settlements => _stores.GetRequiredService<ISettlementStore>();

    /// <summary>All witnesses of an epoch's payments, the chain through its gateway.</summary>
    public Task<EpochWitnesses?> Witnesses(EpochNumber epoch, IChainGateway chain) =>
        new PaymentWitnesses(_stores.GetRequiredService<IReconciliationStore>(), _stores.GetRequiredService<IRevenueStore>(), Epochs, chain, new PoolSettings { Id = Pool }).Of(epoch, CancellationToken.None);

    /// <summary>The participants, who stay the same; where they are paid changes with every epoch.</summary>
    public Task Join(int participants) => Execute(
        """
        insert into participants (pool_id, address, state, joined_at, payout_address, min_payout, stake, required_stake, gpus, reputation)
        select $1, a, 'Active', now() - interval '40 days', a, 50000000, 0, 0, 1, 500 from unnest($2) p (a)
        """, Pool, Addresses("participant", participants));

    /// <summary>Work and revenue of an epoch, as intake and revenue watch would have booked them, and for everybody a wallet that nobody has used.</summary>
    public async Task Fill(EpochNumber epoch, int seed, int participants, Nanotons revenue)
    {
        var dice = new Random(seed);
        var addresses = Addresses("participant", participants);
        await Execute(
            "update participants p set payout_address = w.wallet from unnest($2, $3) w (address, wallet) where p.pool_id = $1 and p.address = w.address",
            Pool, addresses, Addresses($"wallet {seed}", participants));
        await Execute(
            """
            insert into epoch_tallies (pool_id, epoch, participant, adjusted_tokens, gpu_milliseconds, tasks, failed_tasks, quality_tokens, prompt_tokens, completion_tokens)
            select $1, $2, a, t, 3000000, 100, 0, t * 900000, 5000, 7000 from unnest($3, $4) w (a, t)
            """, Pool, epoch.Value, addresses, addresses.Select(_ => dice.NextInt64(1_000_000, 9_000_000)).ToArray());
        var id = $"revenue-{epoch}";
        await Ledger.Append(Pool, [new(id, AccountName.Distribution, AccountName.Revenue(epoch), revenue, TransferKind.Revenue, id, TimeProvider.System.GetUtcNow())]);
    }

    /// <summary>The epoch that takes work now.</summary>
    public async Task<EpochDescription> Open() => (await Epochs.Unsettled(Pool)).First(e => e.Phase == EpochState.Open);

    /// <summary>Ends the epoch; the pool's calendar finds it, closes it and has it paid.</summary>
    public Task End(EpochNumber epoch) => Epochs.BeginClosing(Pool, epoch, EpochCalendar.WholeMilliseconds(TimeProvider.System.GetUtcNow()));

    public async Task<EpochState> Phase(EpochNumber epoch) => (await Epochs.Find(Pool, epoch))!.Phase;

    /// <summary>Whether exactly these signed bytes are in the database.</summary>
    public async Task<bool> HasStored(string boc)
    {
        await using var command = database.CreateCommand("select exists (select 1 from settlement_messages where pool_id = $1 and boc = $2)");
        command.Parameters.AddWithValue(Pool);
        command.Parameters.AddWithValue(boc);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        await database.DisposeAsync();
    }

    private static string[] Addresses(string what, int count) =>
        [.. Enumerable.Range(0, count).Select(i => TonAddress.Parse($"0:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what} {i}")))}").ToString())];

    private async Task Execute(string sql, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.AddWithValue(parameter);
        await command.ExecuteNonQueryAsync();
    }
}
