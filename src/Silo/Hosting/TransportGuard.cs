namespace CocoonPool.Silo.Hosting;

/// <summary>Outside Development nothing listens in plain HTTP on an address that others reach, unless a proxy in front ends TLS.</summary>
public static class TransportGuard
{
    /// <exception cref="InvalidOperationException">A listener would be plain and public.</exception>
    public static void Check(IHostEnvironment environment, IConfiguration configuration, params Uri[] listeners)
    {
        if (environment.IsDevelopment() || configuration.GetValue("Transport:BehindProxy", false))
            return;
        if (listeners.FirstOrDefault(l => l.Scheme == Uri.UriSchemeHttp && !l.IsLoopback) is { } open)
            throw new InvalidOperationException($"{open} is plain HTTP on a public address; use https, or set Transport:BehindProxy=true when a proxy ends TLS.");
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
