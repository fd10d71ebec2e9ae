using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Auth;

/// <summary>The data-protection key ring in PostgreSQL: every server of the pool reads what another one protected.</summary>
public sealed class PostgresKeyRing(NpgsqlDataSource database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.OpenConnection();
        using var command = new NpgsqlCommand("select xml from key_ring order by created_at, name", connection);
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read())
            elements.Add(XElement.Parse(reader.GetString(0)));
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.OpenConnection();
        using var command = new NpgsqlCommand("insert into key_ring (name, xml) values ($1, $2)", connection)
        {
            Parameters = { new() { Value = friendlyName }, new() { Value = element.ToString(SaveOptions.DisableFormatting) } },
        };
        command.ExecuteNonQuery();
    }
}

/// <summary>The key that seals the ring: 32 bytes from a file of the host. A copy of the database alone opens nothing.</summary>
public sealed record RingSeal(byte[] Key)
{
    /// <param name="secret">The host's secret; the seal is derived from it, so that one secret may serve two purposes.</param>
    public static RingSeal From(byte[] secret) => new(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "cocoon-pool key ring v1"u8.ToArray()));
}

/// <summary>Seals each key of the ring with AES-256-GCM.</summary>
public sealed class RingSealer(RingSeal seal) : IXmlEncryptor
{
    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceLength));
        using var aes = new AesGcm(seal.Key, TagLength);
        aes.Encrypt(sealedBytes.AsSpan(0, NonceLength), plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength));
        return new(new XElement("sealed", Convert.ToBase64String(sealedBytes)), typeof(RingOpener));
    }
}

/// <summary>Opens what <see cref="RingSealer"/> sealed. Found by its name in the ring's XML, so it must not be renamed.</summary>
public sealed class RingOpener(IServiceProvider services) : IXmlDecryptor
{
    /// <exception cref="CryptographicException">It was sealed with another secret, or changed.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        var sealedBytes = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[sealedBytes.Length - RingSealer.NonceLength - RingSealer.TagLength];
        using var aes = new AesGcm(services.GetRequiredService<RingSeal>().Key, RingSealer.TagLength);
        aes.Decrypt(
            sealedBytes.AsSpan(0, RingSealer.NonceLength), sealedBytes.AsSpan(RingSealer.NonceLength + RingSealer.TagLength),
            sealedBytes.AsSpan(RingSealer.NonceLength, RingSealer.TagLength), plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
