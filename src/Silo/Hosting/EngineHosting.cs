using CocoonPool.Grains;
#if ORLEANS
using CocoonPool.Silo.Api;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Dashboard;
using Orleans.Runtime.Placement;
using Orleans.Serialization;
using Orleans.Storage;
#else
using CocoonPool.Grains.Pool;
#endif

namespace CocoonPool.Silo.Hosting;

/// <summary>Puts the grain engine into the host: the local one, or an Orleans silo. The grains notice no difference.</summary>
public static class EngineHosting
{
    /// <summary>Both engines find each other's rows under this id.</summary>
    public const string ServiceId = ClusterIdentity.Id;

#if ORLEANS
    private const string Invariant = "Npgsql";

    /// <summary>
    /// An Orleans silo with membership, state and reminders in PostgreSQL. The membership settings bring calls back about a second
    /// after a silo was killed (the defaults take seven), and let a cluster that died as a whole come back at once.
    /// </summary>
    public static WebApplicationBuilder AddEngine(this WebApplicationBuilder builder, string connectionString)
    {
        builder.Host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(o =>
            {
                o.ClusterId = ServiceId;
                o.ServiceId = ServiceId;
            });
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                o.ProbeTimeout = TimeSpan.FromSeconds(1);
                o.NumMissedProbesLimit = 2;
                o.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
                o.MaxJoinAttemptTime = TimeSpan.FromSeconds(20);
            });
            var transport = ClusterTransport.Of(builder.Configuration);
            silo.ConfigureEndpoints(transport.Advertise, transport.SiloPort, transport.GatewayPort);
            if (transport.Certificates is { } certificates)
            {
                silo.UseTls(certificates.Own, tls =>
                {
                    tls.SslProtocols = System.Security.Authentication.SslProtocols.Tls13;
                    tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
                    tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
                    tls.RemoteCertificateValidation = (other, _, _) => certificates.Accepts(other);
                    tls.OnAuthenticateAsClient = (_, client) => client.TargetHost = ServiceId;
                });
            }
            // A failure of the database or of the pool's own kind crosses to another silo as what it is, and is answered as that.
            silo.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.UnionWith(["Npgsql", "CocoonPool"]));
            silo.UseAdoNetClustering(o =>
            {
                o.Invariant = Invariant;
                o.ConnectionString = connectionString;
            });
            silo.UseAdoNetReminderService(o =>
            {
                o.Invariant = Invariant;
                o.ConnectionString = connectionString;
            });
            silo.AddAdoNetGrainStorage("pool", o =>
            {
                o.Invariant = Invariant;
                o.ConnectionString = connectionString;
                var json = new SystemTextJsonGrainStorageSerializerOptions();
                DomainJson.Configure(json.JsonSerializerOptions);
                o.GrainStorageSerializer = new SystemTextJsonGrainStorageSerializer(Microsoft.Extensions.Options.Options.Create(json));
            });
            silo.AddDashboard();
        });
        return builder;
    }

    /// <summary>The Orleans Dashboard. It has no sign-in of its own and shows every grain, so it is the operator's alone.</summary>
    public static void MapEngine(this WebApplication app) => app.MapOrleansDashboard("/orleans").Requires(Permission.ReadAll).ExcludeFromDescription();
#else
    /// <summary>The single-process engine, with state and reminders in the same tables that Orleans would use.</summary>
    public static WebApplicationBuilder AddEngine(this WebApplicationBuilder builder, string connectionString)
    {
        _ = connectionString; // It takes its connections from the host's data source.
        builder.UseLocalEngine(options =>
        {
            options.ServiceId = ServiceId;
            options.Assemblies.Add(typeof(PoolGrain).Assembly);
            options.Assemblies.Add(typeof(IPoolGrain).Assembly);
            DomainJson.Configure(options.Json);
        });
        return builder;
    }

    /// <summary>The local engine shows nothing of its own; its figures are in the metrics.</summary>
    public static void MapEngine(this WebApplication app) => _ = app;
#endif
}

/// <summary>This host among those that a grain can live on.</summary>
public sealed class ThisSilo(IServiceProvider services)
{
    /// <summary>A grain that moves because of a call made from here on moves to this host.</summary>
    public void Attract()
    {
#if ORLEANS
        if (services.GetService<ILocalSiloDetails>() is { } silo)
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
#else
        _ = services; // One process: every grain is here.
#endif
    }
}
