using CocoonPool.Adapters.Postgres;
using CocoonPool.Adapters.Ton;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using CocoonPool.Settlement.Tests.Host;
using CocoonPool.TestKit;
using CocoonPool.TestKit.Ton;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CocoonPool.Settlement.Tests;

/// <summary>
/// A stake's whole life in one run over the real contracts, the real gateway and PostgreSQL: staked from a wallet, asked back, slashed while
/// the withdrawal waits, and the rest paid. The pool looks only when the test says so; the chain's time is its own.
/// </summary>
public sealed class SlashDuringWithdrawalTests
{
    private static readonly Nanotons Staked = Nanotons.FromTon(100);
    private static readonly Nanotons Taken = Nanotons.FromTon(25);

    [Fact]
    public async Task SlashDuringAWithdrawal_TakesItsPart_AndTheWithdrawalPaysExactlyTheRest()
    {
        var folder = Directory.CreateTempSubdirectory("cocoon-stake-").FullName;
        await using var log = new StreamWriter(Path.Combine(folder, "log")) { AutoFlush = true };
        // A second, so that the withdrawal is due long before the slash is final: only the suspension holds it back.
        await using var ton = await LocalTon.Start(Checkout.Find().Contracts, folder, log, 25, deployOptions: ["--withdrawal-delay-seconds", "1"]);
        using var http = ton.Client();
        var chain = new ChainGatewayClient(http);
        using var host = await Start(ton, chain);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var watch = grains.GetGrain<IStakeWatchGrain>(SiloOptions.PoolId);

        var wallets = new Wallets(Checkout.Find(), new StateDirectory(folder), ton.Chain.Url);
        var alice = await wallets.Create("alice", TestContext.Current.CancellationToken);
        var address = TonAddress.Parse(alice.Address);
        await ton.Faucet(alice.Address, Nanotons.FromTon(200).Value);
        var participant = grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(SiloOptions.PoolId, address));
        (await participant.Register()).Accepted.ShouldBeTrue();
        await wallets.Stake("alice", ton.Registry, Staked.Value, TestContext.Current.CancellationToken);
        await Until("the stake is booked", watch.Sweep, async () => (await participant.Describe())!.Stake == Staked);

        await wallets.Unstake("alice", ton.Registry, Staked.Value, TestContext.Current.CancellationToken);
        await Until("the request is on chain", () => Task.CompletedTask, async () => (await chain.Stake(address, 0, 1)).State.Withdrawal == Staked);
        var slash = grains.GetGrain<ISlashGrain>($"{SiloOptions.PoolId}/{SlashRules.IdOf(address, SlashOffence.ForgedReceipt, "receipt")}");
        (await slash.Open(new(address, SlashOffence.ForgedReceipt, "receipt"))).Accepted.ShouldBeTrue();
        (await slash.Appeal("no")).Accepted.ShouldBeTrue();
        await Until("the stake is held on chain", watch.Sweep, async () => (await chain.Stake(address, 0, 1)).State.SuspendedUntil is not null);
        await Until("the withdrawal is due", () => Task.CompletedTask, async () => await chain.Stake(address, 0, 1) is { } reading && reading.State.UnlocksAt < reading.ChainTime);
        await watch.Sweep();
        (await chain.Stake(address, 0, 1)).State.Stake.ShouldBe(Staked, "nothing is paid while it may still be slashed");

        (await slash.Uphold("it was forged")).Accepted.ShouldBeTrue();
        await Until("the slash is executed and the rest is paid", watch.Sweep, async () =>
            (await chain.Stake(address, 0, 1)).State.Stake == Nanotons.Zero && (await Balance(host, AccountName.StakeAccounts)) == Nanotons.Zero);

        var movements = (await chain.Stake(address, 0, 100)).Movements.Select(m => (m.Kind, m.Amount)).ToList();
        movements.ShouldContain((StakeMovementKind.Slashed, Taken));
        movements.Where(m => m.Kind == StakeMovementKind.Withdrawn).ShouldBe([(StakeMovementKind.Withdrawn, Staked - Taken)]);
        (await Received(chain, $"0:{new string('0', 64)}")).ShouldBe([new Nanotons(Taken.Value / 2)], "half is burned");
        (await Received(chain, ton.Treasury)).ShouldContain(new Nanotons(Taken.Value / 2), "half is the treasury's");
        (await Balance(host, AccountName.Stake(address))).ShouldBe(Nanotons.Zero);
        (await host.Services.GetRequiredService<ILedgerStore>().Verify(SiloOptions.PoolId)).FirstProblem.ShouldBeNull();
        await host.StopAsync(TestContext.Current.CancellationToken);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<IHost> Start(LocalTon ton, ChainGatewayClient chain)
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("stake_life");
        await using (var database = NpgsqlDataSource.Create(connection))
            await new Migrator(database).Up();
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services
            .AddSingleton<TimeProvider>(new ManualTimeProvider())
            .AddSingleton(_ => NpgsqlDataSource.Create(connection))
            .AddSingleton(new PoolSettings { Id = SiloOptions.PoolId, Distribution = TonAddress.Parse(ton.Distribution), Registry = TonAddress.Parse(ton.Registry) })
            .AddSingleton(new AssignmentTickets(new byte[32]))
            .AddPostgresStores()
            .AddSingleton<IChainGateway>(chain)
            .AddSingleton<IStakeChain>(chain);
        builder.UseLocalEngine(engine =>
        {
            engine.ServiceId = SiloOptions.PoolId;
            engine.Assemblies.Add(typeof(PoolGrain).Assembly);
            engine.Assemblies.Add(typeof(IPoolGrain).Assembly);
            DomainJson.Configure(engine.Json);
        });
        var host = builder.Build();
        await host.StartAsync();
        (await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPoolGrain>(SiloOptions.PoolId)
            .Create(new("Stakes", TonAddress.Parse(ton.OperatorWallet), PoolParametersJson.Write(PoolParameters.Default), TimeSpan.FromMinutes(15)))).Accepted.ShouldBeTrue();
        return host;
    }

    private static async Task<IEnumerable<Nanotons>> Received(ChainGatewayClient chain, string address) =>
        (await chain.Incoming(TonAddress.Parse(address), 0, 100)).Select(payment => payment.Amount);

    private static async Task<Nanotons> Balance(IHost host, AccountName account) =>
        (await host.Services.GetRequiredService<ILedgerStore>().Account(SiloOptions.PoolId, account)).Balance;

    /// <summary>Does something and looks, again and again; the chain needs blocks in between.</summary>
    private static async Task Until(string what, Func<Task> act, Func<Task<bool>> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            await act();
            if (await isThere())
                return;
            patience.IsCancellationRequested.ShouldBeFalse($"{what}: not within a minute");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }
}
