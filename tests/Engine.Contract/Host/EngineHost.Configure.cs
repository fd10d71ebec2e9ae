using Microsoft.Extensions.Hosting;
#if ORLEANS
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Serialization;
#endif

namespace CocoonPool.Engine.Contract;

public sealed partial class EngineHost
{
#if ORLEANS
    public const string Name = "Orleans";

    /// <summary>Two silos, so that calls, references and exceptions really cross from one to the other.</summary>
    public const int Silos = 2;

    private static void Configure(IHostApplicationBuilder builder, string connection, string cluster, HostTimes times) => ((HostApplicationBuilder)builder).UseOrleans(silo =>
    {
        const string Postgres = "Npgsql";
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "contract"));
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        // What is not listed here crosses from silo to silo as "no codec", and nobody learns what went wrong.
        silo.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.UnionWith(["Npgsql", "CocoonPool"]));
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
        silo.Services.AddSingleton<IGrainStorageSerializer, SystemTextJsonGrainStorageSerializer>();
        silo.AddAdoNetGrainStorageAsDefault(o => (o.Invariant, o.ConnectionString) = (Postgres, connection));
        silo.Configure<ReminderOptions>(o => o.MinimumReminderPeriod = times.MinimumReminderPeriod);
        silo.Configure<SiloMessagingOptions>(o => (o.ResponseTimeout, o.SystemResponseTimeout) = (times.Response, TimeSpan.FromSeconds(30)));
        silo.Configure<GrainCollectionOptions>(o => (o.CollectionAge, o.CollectionQuantum) = (times.CollectionAge, times.CollectionQuantum));
    });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
#else
    public const string Name = "Local";

    public const int Silos = 1;

    private static void Configure(IHostApplicationBuilder builder, string connection, string cluster, HostTimes times) => builder.UseLocalEngine(options =>
    {
        _ = connection;
        _ = cluster;
        options.ServiceId = "contract";
        options.Assemblies.Add(typeof(EngineHost).Assembly);
        options.ResponseTimeout = times.Response;
        options.CollectionAge = times.CollectionAge;
        options.CollectionQuantum = times.CollectionQuantum;
        options.MinimumReminderPeriod = times.MinimumReminderPeriod;
    });
#endif
}
