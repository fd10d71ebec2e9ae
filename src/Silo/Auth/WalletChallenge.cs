using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;

namespace CocoonPool.Silo.Auth;

/// <summary>
/// The payload that a wallet signs: expiry, randomness, and a MAC over both with pool, network and address. It needs no row in the
/// database until it is used, so that asking for challenges costs the pool nothing that could run full. TON Connect's own message
/// does not name the network; this does, so that a proof made for a testnet pool is worth nothing on mainnet.
/// </summary>
public sealed class WalletChallenge(byte[] secret, PoolSettings settings, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private const int RandomLength = 16;
    private const int BodyLength = 8 + RandomLength;
    private const int Length = BodyLength + 32;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "cocoon-pool wallet challenge v1"u8.ToArray());

    public (string Payload, DateTimeOffset Expires) Make(TonAddress address)
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, expires.ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(bytes.AsSpan(8, RandomLength));
        Mac(bytes.AsSpan(0, BodyLength), address).CopyTo(bytes.AsSpan(BodyLength));
        return (Base64Url.EncodeToString(bytes), expires);
    }

    /// <summary>The nonce and expiry of a payload that this pool made for this address and that is still good; null otherwise.</summary>
    public (byte[] Nonce, DateTimeOffset Expires)? Read(string payload, TonAddress address)
    {
        var bytes = new byte[Length];
        if (payload.Length > 128 || !Base64Url.IsValid(payload, out var length) || length != Length || !Base64Url.TryDecodeFromChars(payload, bytes, out _))
            return null;
        if (!CryptographicOperations.FixedTimeEquals(Mac(bytes.AsSpan(0, BodyLength), address), bytes.AsSpan(BodyLength)))
            return null;
        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        return expires > time.GetUtcNow() ? (bytes[..BodyLength], expires) : null;
    }

    private byte[] Mac(ReadOnlySpan<byte> body, TonAddress address) =>
        HMACSHA256.HashData(_key, (byte[])[.. body, .. Encoding.UTF8.GetBytes($"{settings.Id}\n{settings.Network}\n{address}")]);
}
