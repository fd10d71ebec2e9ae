using CocoonPool.Grains;
using Microsoft.Extensions.Hosting;
#if ORLEANS
using System.Net;
using CocoonPool.Client.Launcher.Workspace;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
#else
using CocoonPool.Grains.Pool;
#endif

namespace CocoonPool.Bench.Engine.Host;

// Orleans keeps its membership in PostgreSQL here too: it is not what is measured, but it is how the pool runs.
internal sealed partial class EngineHost
{
#if ORLEANS
    public const string Name = "orleans";

    private static void AddEngine(HostApplicationBuilder builder, string connection) => builder.UseOrleans(silo =>
    {
        const string Postgres = "Npgsql";
        // A cluster of its own for every start: the next one must not wait for this one to be declared dead.
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ($"bench-{Guid.NewGuid():N}", "bench"));
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort.Any(), FreePort.Any());
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
        var json = new SystemTextJsonGrainStorageSerializerOptions();
        DomainJson.Configure(json.JsonSerializerOptions);
        silo.Services.AddSingleton<IGrainStorageSerializer>(new SystemTextJsonGrainStorageSerializer(Microsoft.Extensions.Options.Options.Create(json)));
        silo.AddAdoNetGrainStorage("pool", o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
    });
#else
    public const string Name = "local";

    private static void AddEngine(HostApplicationBuilder builder, string connection) => builder.UseLocalEngine(options =>
    {
        _ = connection; // It takes its connections from the host's data source.
        options.ServiceId = "bench";
        options.Assemblies.Add(typeof(EngineHost).Assembly);
        options.Assemblies.Add(typeof(PoolGrain).Assembly);
        options.Assemblies.Add(typeof(IPoolGrain).Assembly);
        DomainJson.Configure(options.Json);
    });
#endif
}
