using System.Text.Json;
using CocoonPool.Adapters.Postgres;
using CocoonPool.Adapters.Ton;
using CocoonPool.Bench.Accounting;
using CocoonPool.Bench.Engine.Host;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Grains;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Bench.Settlement;

/// <summary>The silo of the settlement's benchmark: a process of its own, so that its memory is its own. Everything in it is the product's.</summary>
internal sealed record SettlementSilo(string Connection, string GatewayUrl, string GatewayToken, string Distribution, string OperatorWallet)
{
    public const string Command = "settlement-silo";

    /// <summary>The size that the network's fee is promised for.</summary>
    public const int BatchSize = 200;

    private const string Variable = "COCOON_BENCH_SETTLEMENT_SILO";

    public IReadOnlyDictionary<string, string> ToEnvironment() => new Dictionary<string, string>(StringComparer.Ordinal) { [Variable] = JsonSerializer.Serialize(this) };

    /// <summary>Runs until it is killed.</summary>
    public static async Task<int> Run(TextWriter output, CancellationToken cancellationToken)
    {
        var told = JsonSerializer.Deserialize<SettlementSilo>(Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException($"The benchmark starts this, and tells it everything in {Variable}."))!;
        using var http = new HttpClient { BaseAddress = new Uri(told.GatewayUrl + "/"), Timeout = TimeSpan.FromSeconds(15) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", told.GatewayToken);
        await using var host = await EngineHost.Start(told.Connection, services => services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new PoolSettings
            {
                Id = PoolDatabase.PoolId,
                Distribution = TonAddress.Parse(told.Distribution),
                BatchSize = BatchSize,
                ChainPollInterval = TimeSpan.FromMilliseconds(50),
            })
            .AddSingleton(new AssignmentTickets(new byte[32]))
            .AddSingleton<IChainGateway>(new ChainGatewayClient(http))
            .AddSingleton<IWorkerLinks, OpenLinks>()
            .AddPostgresStores());
        var parameters = PoolParameters.Default with { MaxParticipants = 1_000_000, MinPayout = new(50_000_000) };
        var created = await host.Grains.GetGrain<IPoolGrain>(PoolDatabase.PoolId)
            .Create(new("Bench", TonAddress.Parse(told.OperatorWallet), PoolParametersJson.Write(parameters), TimeSpan.FromMinutes(15)));
        if (!created.Accepted)
            throw new InvalidOperationException(created.Message);
        await output.WriteLineAsync("silo ready here");
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
