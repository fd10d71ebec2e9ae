using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Grains;
using CocoonPool.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace CocoonPool.Agent.Tests.Transport;

/// <summary>The ports between silos are open to other machines only for those that prove that they belong to the cluster.</summary>
public sealed class SiloTransportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("Production", "127.0.0.1", false)]
    [InlineData("Production", "10.0.0.5", true)]
    [InlineData("Development", "10.0.0.5", false)]
    public void Cluster_WithoutMutualTls_IsRefusedOffThisMachine(string environment, string advertise, bool refused)
    {
        var cluster = ClusterTransport.Of(Settings(("Orleans:Advertise", advertise)));
        var check = () => TransportGuard.CheckCluster(new Named(environment), cluster);

        if (refused)
            Should.Throw<InvalidOperationException>(check).Message.ShouldContain("Orleans:Tls");
        else
            check();
    }

    [Fact]
    public void Cluster_WithMutualTls_MayListenOnANetwork()
    {
        var (authority, own) = (Authority("ours"), "own");
        Issue(authority, own);

        var cluster = ClusterTransport.Of(Settings(
            ("Orleans:Advertise", "10.0.0.5"), ("Orleans:Tls:CertificateFile", Path($"{own}.crt")), ("Orleans:Tls:KeyFile", Path($"{own}.key")), ("Orleans:Tls:AuthorityFile", Path("ours.crt"))));

        TransportGuard.CheckCluster(new Named("Production"), cluster);
        cluster.Certificates.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("silo-1")]
    public void Advertise_IsOneAddress(string advertise) =>
        Should.Throw<InvalidOperationException>(() => ClusterTransport.Of(Settings(("Orleans:Advertise", advertise)))).Message.ShouldContain("Orleans:Advertise");

    [Fact]
    public void Certificate_OfAnotherAuthority_IsNotLetIn()
    {
        var (ours, theirs) = (Authority("ours"), Authority("theirs"));
        Issue(ours, "own");
        var certificates = ClusterCertificates.Load(Path("own.crt"), Path("own.key"), Path("ours.crt"));

        certificates.Accepts(Issue(ours, "neighbour")).ShouldBeTrue();
        certificates.Accepts(Issue(theirs, "stranger")).ShouldBeFalse();
    }

    private string Path(string name) => System.IO.Path.Combine(_directory.Path, name);

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal)).Build();

    private X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Path($"{name}.crt"), certificate.ExportCertificatePem());
        return certificate;
    }

    private X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .Create(authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path($"{name}.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private sealed class Named(string environment) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = environment;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
