using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.HttpOverrides;

namespace CocoonPool.Silo.Hosting;

/// <summary>Outside Development nothing listens in plain HTTP on an address that others reach, unless a proxy in front ends TLS.</summary>
public static class TransportGuard
{
    /// <exception cref="InvalidOperationException">A listener would be plain and public.</exception>
    public static void Check(IHostEnvironment environment, IConfiguration configuration, params Uri[] listeners)
    {
        if (!environment.IsDevelopment() && listeners.FirstOrDefault(l => IsOpen(configuration, l)) is { } open)
            throw new InvalidOperationException($"{open} is plain HTTP on a public address; use https, or set Transport:BehindProxy=true when a proxy ends TLS.");
    }

    /// <summary>True when a listener is plain and others reach it without a proxy that ends TLS.</summary>
    public static bool IsOpen(IConfiguration configuration, Uri listener) =>
        listener is { IsLoopback: false } && listener.Scheme == Uri.UriSchemeHttp && !configuration.GetValue("Transport:BehindProxy", false);

    /// <summary>
    /// What this host speaks as a server: TLS 1.3, and 1.2 as well where <c>Transport:MinimumTls=1.2</c> asks for it on behalf of old
    /// clients. Everything before was broken.
    /// </summary>
    /// <exception cref="InvalidOperationException">The setting is neither.</exception>
    public static SslProtocols Protocols(IConfiguration configuration) => configuration["Transport:MinimumTls"] switch
    {
        null or "" or "1.3" => SslProtocols.Tls13,
        "1.2" => Outgoing,
        _ => throw new InvalidOperationException("Transport:MinimumTls is 1.2 or 1.3."),
    };

    /// <summary>What it speaks as a client: others decide what they offer, but nothing that was broken.</summary>
    public const SslProtocols Outgoing = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Takes the client's address from the proxies that are named in <c>Transport:Proxies</c>, and from nobody else: anybody can send the header.</summary>
    public static void UseClientAddress(this WebApplication app)
    {
        if (!app.Configuration.GetValue("Transport:BehindProxy", false) || app.Configuration.GetSection("Transport:Proxies").Get<string[]>() is not { Length: > 0 } proxies)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy.Contains('/', StringComparison.Ordinal) ? proxy : $"{proxy}/{(IPAddress.Parse(proxy).GetAddressBytes().Length * 8)}"));
        app.UseForwardedHeaders(options);
    }

    /// <summary>Whoever reaches the ports between silos can call every grain and forge who asked: others must prove that they belong to the cluster.</summary>
    /// <exception cref="InvalidOperationException">The cluster's ports would be open to others without mutual TLS.</exception>
    public static void CheckCluster(IHostEnvironment environment, ClusterTransport cluster)
    {
        if (environment.IsDevelopment() || System.Net.IPAddress.IsLoopback(cluster.Advertise) || cluster.Certificates is not null)
            return;
        throw new InvalidOperationException(
            $"Orleans:Advertise={cluster.Advertise} opens the cluster's ports to other machines; set Orleans:Tls:CertificateFile, KeyFile and AuthorityFile.");
    }
}
