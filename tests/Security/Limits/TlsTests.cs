using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CocoonPool.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Security.Tests.Limits;

/// <summary>Which TLS the host speaks, with its own limits on a real listener.</summary>
public sealed class TlsTests
{
    [Theory]
    [InlineData(null, SslProtocols.Tls13, true)]
    [InlineData(null, SslProtocols.Tls12, false)]
    [InlineData("1.2", SslProtocols.Tls12, true)]
    [InlineData("1.2", SslProtocols.Tls13, true)]
    public async Task Listener_SpeaksNothingOlderThanConfigured(string? minimum, SslProtocols offered, bool accepted)
    {
        using var certificate = SelfSigned();
        await using var host = await Listen(certificate, minimum);

        (await Handshake(new Uri(host.Urls.Single()), offered, certificate)).ShouldBe(accepted);
    }

    private static async Task<WebApplication> Listen(X509Certificate2 certificate, string? minimum)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Transport:MinimumTls"] = minimum });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            HostLimits.Apply(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate));
        });
        var app = builder.Build();
        app.MapGet("/", () => "");
        await app.StartAsync();
        return app;
    }

    private static async Task<bool> Handshake(Uri url, SslProtocols offered, X509Certificate2 expected)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = offered,
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(expected.RawData),
            });
            return tls.SslProtocol == offered;
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return false;
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddHours(1));
    }
}
