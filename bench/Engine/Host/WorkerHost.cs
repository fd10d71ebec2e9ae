using System.Net;
using CocoonPool.Adapters.Postgres;
using CocoonPool.Bench.Accounting;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Hosting;
using CocoonPool.Silo.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CocoonPool.Bench.Engine.Host;

/// <summary>
/// The pool's grains and its worker link as the silo hosts them, over a real database and a real socket; only the chain and the
/// REST API are missing, which an idle worker has nothing to do with.
/// </summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    public const string PoolId = "bench";

    /// <summary>A participant brings a rack, not a data centre: the size of the participant's own record counts too.</summary>
    private const int WorkersPerParticipant = 50;

    private readonly WebApplication _app;

    private WorkerHost(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    private IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    /// <param name="connection">A database that is empty.</param>
    public static async Task<WorkerHost> Start(string connection)
    {
        await using (var database = NpgsqlDataSource.Create(connection))
            await new Migrator(database).Up();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Orleans:SiloPort"] = $"{FreePort.Any()}",
            ["Orleans:GatewayPort"] = $"{FreePort.Any()}",
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        builder.Services.AddSingleton(new PoolSettings { Id = PoolId });
        builder.Services.AddSingleton(new AssignmentTickets(new byte[32]));
        builder.Services.AddSingleton<IStakeChain, AbsentChain>();
        builder.Services.AddPostgresStores();
        builder.AddEngine(connection);
        builder.Services.AddWorkerLink(link => (link.PoolId, link.StopGrace) = (PoolId, TimeSpan.Zero));
        var app = builder.Build();
        app.MapWorkerLink();
        await app.StartAsync();
        var host = new WorkerHost(app);
        Require(await host.Grains.GetGrain<IPoolGrain>(PoolId).Create(
            new("bench", Address(0), PoolParametersJson.Write(PoolParameters.Default with { MaxParticipants = 10_000 }), TimeSpan.FromMinutes(1))));
        return host;
    }

    /// <summary>Registers workers and brings them to active. Their streams are opened by themselves.</summary>
    public async Task Join(IReadOnlyList<(WorkerId Id, byte[] PublicKey)> workers)
    {
        foreach (var group in workers.Chunk(WorkersPerParticipant))
        {
            var owner = await Participant(group[0].Id);
            foreach (var (id, key) in group)
            {
                var worker = Grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(PoolId, id));
                Require(Outcome.From(await worker.Register(new(owner, "H100", 1, 80, 16, 64, [new("llama-3.1-8b", 8192, 8)], 1000, "eu-north", "bench/1", key))));
                Require(Outcome.From(await worker.Attest()));
                Require(Outcome.From(await worker.Activate()));
            }
        }
    }

    public async Task<bool> IsConnected(WorkerId id) =>
        await Grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(PoolId, id)).Describe() is { Connected: true, State: WorkerState.Active };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<TonAddress> Participant(WorkerId first)
    {
        var address = Address(BitConverter.ToInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(first.Value))));
        Require(Outcome.From(await Grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, address)).Register()));
        await _app.Services.GetRequiredService<ILedgerStore>().Append(
            PoolId,
            [
                new($"stake/{address}", AccountName.StakeAccounts, AccountName.Stake(address), Nanotons.FromTon(1_000_000), TransferKind.StakeDeposit, "bench", DateTimeOffset.UnixEpoch),
            ]);
        return address;
    }

    private static TonAddress Address(int number)
    {
        var account = new byte[32];
        BitConverter.TryWriteBytes(account, number);
        return new(0, account);
    }

    private static void Require(Outcome outcome)
    {
        if (!outcome.Accepted)
            throw new InvalidOperationException($"{outcome.Refusal}: {outcome.Message}");
    }
}
