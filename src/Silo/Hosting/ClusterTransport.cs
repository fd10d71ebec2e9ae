using System.Net;
using CocoonPool.Grains;

namespace CocoonPool.Silo.Hosting;

/// <summary>Where silos and Orleans clients reach this silo, and how they prove who they are. Section <c>Orleans</c>; the local engine needs none of it.</summary>
public sealed record ClusterTransport
{
    /// <summary>The address that this silo listens on and tells the others. Another than loopback needs mutual TLS outside Development.</summary>
    public IPAddress Advertise { get; private init; } = IPAddress.Loopback;

    public int SiloPort { get; private init; } = 11111;

    public int GatewayPort { get; private init; } = 30000;

    /// <summary>Null: plain connections.</summary>
    public ClusterCertificates? Certificates { get; private init; }

    /// <exception cref="InvalidOperationException">An address or a file is wrong; the message names its key.</exception>
    public static ClusterTransport Of(IConfiguration configuration)
    {
        var section = configuration.GetSection("Orleans");
        var advertise = section["Advertise"] ?? IPAddress.Loopback.ToString();
        if (!IPAddress.TryParse(advertise, out var address) || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address))
            throw new InvalidOperationException($"Orleans:Advertise is '{advertise}'; give the one IP address of this machine at which the other silos reach it.");
        string?[] files = [section["Tls:CertificateFile"], section["Tls:KeyFile"], section["Tls:AuthorityFile"]];
        if (files.Any(file => file is not null) && files.Any(string.IsNullOrEmpty))
            throw new InvalidOperationException("Orleans:Tls needs CertificateFile, KeyFile and AuthorityFile, each a PEM file.");
        return new()
        {
            Advertise = address,
            SiloPort = section.GetValue("SiloPort", 11111),
            GatewayPort = section.GetValue("GatewayPort", 30000),
            Certificates = files[0] is null ? null : ClusterCertificates.Load(files[0]!, files[1]!, files[2]!),
        };
    }
}
