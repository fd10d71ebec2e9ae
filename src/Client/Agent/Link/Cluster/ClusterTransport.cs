using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Serialization;

namespace CocoonPool.Client.Agent.Link;

/// <summary>Grain calls as an Orleans client. Every stream has a client of its own, so that a stream that failed leaves nothing behind.</summary>
internal sealed class ClusterTransport : IPoolTransport
{
    /// <summary>How long a call may take: long enough for a silo that is busy, short enough to notice that it is gone.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly ClusterSection _cluster;

    private ClusterTransport(ClusterSection cluster) => _cluster = cluster;

    /// <summary>Why <c>transport: orleans</c> cannot be used.</summary>
    public static string? Unavailable => null;

    public static IPoolTransport Of(ClusterSection cluster) => new ClusterTransport(cluster);

    public async Task<IFrameChannel> Connect(Uri poolUrl, CancellationToken cancellationToken)
    {
        var client = Client();
        try
        {
            await client.StartAsync(cancellationToken);
            return new GrainCallLink(client, client.Services.GetRequiredService<IGrainFactory>().GetGrain<IWorkerLinkGrain>(Guid.NewGuid().ToString("N")));
        }
        catch (Exception problem)
        {
            client.Dispose();
            if (problem is OperationCanceledException)
                throw;
            throw new IOException($"No gateway of the cluster can be reached: {problem.Message}", problem);
        }
    }

    private IHost Client()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (ClusterIdentity.Id, ClusterIdentity.Id));
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = CallTimeout);
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = CallTimeout);
            client.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.UnionWith(["Npgsql", "CocoonPool"]));
            client.UseStaticClustering([.. _cluster.Gateways]);
            if (_cluster.Certificates is not { } files)
                return;
            var certificates = ClusterCertificates.Load(files.Certificate, files.Key, files.Authority);
            client.UseTls(certificates.Own, tls =>
            {
                tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
                tls.RemoteCertificateValidation = (other, _, _) => certificates.Accepts(other);
                tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = ClusterIdentity.Id;
            });
        });
        return builder.Build();
    }
}
