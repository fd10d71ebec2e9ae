using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CocoonPool.Grains;

/// <summary>
/// Mutual TLS inside a cluster's network: one's own certificate, and the private authority whose certificates, and no others, are
/// let in. Host names are not compared: silos find each other by address, and the authority signs for this cluster alone.
/// </summary>
public sealed record ClusterCertificates(X509Certificate2 Own, X509Certificate2 Authority)
{
    /// <exception cref="InvalidOperationException">A file is missing, or not what it should be; the message names it.</exception>
    public static ClusterCertificates Load(string certificateFile, string keyFile, string authorityFile)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            // The key of a certificate made from PEM lives in memory only, which some platforms' TLS cannot use.
            var own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            return new(own, X509CertificateLoader.LoadCertificateFromFile(authorityFile));
        }
        catch (Exception problem) when (problem is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The cluster's certificate {certificateFile}, its key {keyFile} or the authority {authorityFile} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Was this certificate, valid now, signed by the cluster's authority?</summary>
    public bool Accepts(X509Certificate2 other)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(other);
    }
}
