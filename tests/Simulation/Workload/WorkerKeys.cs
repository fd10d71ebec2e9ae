using System.Security.Cryptography;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.PoolSimulation.Workload;

/// <summary>A few key pairs for all workers of all pools: making one takes longer than a day of a pool's life.</summary>
internal static class WorkerKeys
{
    private const int Count = 16;

    private static readonly byte[][] Private = [.. Enumerable.Range(0, Count).Select(_ =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    })];

    [ThreadStatic]
    private static ECDsa?[]? t_keys;

    public static byte[] PublicKey(int number) => Key(number).ExportSubjectPublicKeyInfo();

    public static byte[] Sign(int number, byte[] root) => ReceiptSeal.Sign(Key(number), root);

    private static ECDsa Key(int number)
    {
        ref var key = ref (t_keys ??= new ECDsa?[Count])[number % Count];
        if (key is null)
        {
            key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Private[number % Count], out _);
        }

        return key;
    }
}
