using System.Net;
using System.Net.Sockets;
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

/// <summary>
/// Grain calls as an Orleans client. Every stream has a client of its own with one gateway: when that connection breaks, the stream is
/// known to be lost at once, and the next stream goes to the next gateway.
/// </summary>
internal sealed class ClusterTransport : IPoolTransport
{
    /// <summary>How long a call may take: long enough for a silo that is busy, short enough to notice that it is gone.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);

    private readonly ClusterSection _cluster;

    private int _turn;

    private ClusterTransport(ClusterSection cluster)
    {
        _cluster = cluster;
        _turn = Random.Shared.Next(cluster.Gateways.Length);
    }

    /// <summary>Why <c>transport: orleans</c> cannot be used.</summary>
    public static string? Unavailable => null;

    public static IPoolTransport Of(ClusterSection cluster) => new ClusterTransport(cluster);

    public async Task<IFrameChannel> Connect(Uri poolUrl, CancellationToken cancellationToken)
    {
        var gateway = await Answering(cancellationToken);
        GrainCallLink? link = null;
        var client = Client(gateway, () => link?.Lose());
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(CallTimeout);
            await client.StartAsync(patience.Token);
            return link = new GrainCallLink(client, client.Services.GetRequiredService<IGrainFactory>().GetGrain<IWorkerLinkGrain>(Guid.NewGuid().ToString("N")));
        }
        catch (Exception problem)
        {
            client.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException($"The gateway {gateway} cannot be reached: {problem.Message}", problem);
        }
    }

    /// <summary>The next gateway that takes connections: a client would try a dead one again and again instead of saying so.</summary>
    private async Task<IPEndPoint> Answering(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var gateway = _cluster.Gateways[(_turn++ & int.MaxValue) % _cluster.Gateways.Length];
            using var probe = new TcpClient(gateway.AddressFamily);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(CallTimeout);
            try
            {
                await probe.ConnectAsync(gateway, patience.Token);
                return gateway;
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (tries >= _cluster.Gateways.Length)
                    throw new IOException($"No gateway of the cluster takes connections: {problem.Message}", problem);
            }
        }
    }

    private IHost Client(IPEndPoint gateway, Action lost)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (ClusterIdentity.Id, ClusterIdentity.Id));
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = CallTimeout);
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = CallTimeout);
            client.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.UnionWith(["Npgsql", "CocoonPool"]));
            client.UseStaticClustering(gateway);
            client.AddClusterConnectionLostHandler((_, _) => lost());
            if (_cluster.Certificates is not { } files)
                return;
            var certificates = ClusterCertificates.Load(files.Certificate, files.Key, files.Authority);
            client.UseTls(certificates.Own, tls =>
            {
                tls.SslProtocols = System.Security.Authentication.SslProtocols.Tls13;
                tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
                tls.RemoteCertificateValidation = (other, _, _) => certificates.Accepts(other);
                tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = ClusterIdentity.Id;
            });
        });
        return builder.Build();
    }
}
