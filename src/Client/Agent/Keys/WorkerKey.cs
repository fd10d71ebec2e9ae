using System.Security.Cryptography;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Keys;

/// <summary>
/// The worker's own key, ECDSA P-256, in a PEM file that only its owner can read. Whoever has it can earn and misbehave in
/// the worker's name; it never leaves the machine.
/// </summary>
internal sealed class WorkerKey : IDisposable
{
    private const string FileName = "worker.key";

    private readonly ECDsa _key;

    private WorkerKey(ECDsa key)
    {
        _key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>SubjectPublicKeyInfo DER.</summary>
    public byte[] PublicKey { get; }

    /// <summary>SHA-256 of the public key, lower-case hex.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(PublicKey));

    /// <summary>A name for the worker of this key when the file gives none.</summary>
    public WorkerId DerivedId => new($"worker-{Fingerprint[..12]}");

    public static string PathIn(string stateDirectory) => Path.Combine(stateDirectory, FileName);

    public static bool Exists(string stateDirectory) => File.Exists(PathIn(stateDirectory));

    /// <summary>Reads the key, or makes one when there is none yet.</summary>
    /// <exception cref="InvalidDataException">The file is no such key, or others can read it. The message says what to do.</exception>
    public static WorkerKey LoadOrCreate(string stateDirectory)
    {
        var path = PathIn(stateDirectory);
        CreateDirectory(stateDirectory);
        return File.Exists(path) ? Load(path) : Create(path);
    }

    public byte[] SignHello(string pool, string nonce, WorkerId worker) => HelloProof.Sign(_key, pool, nonce, worker.Value);

    public byte[] SealReceipts(ReadOnlySpan<byte> root) => ReceiptSeal.Sign(_key, root);

    public void Dispose() => _key.Dispose();

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static WorkerKey Load(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != UnixFileMode.None)
            throw new InvalidDataException($"{path} can be read by others; run `chmod 600` on it, and make a new key if others may have read it.");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            using var asPublic = WorkerPublicKey.TryImport(key.ExportSubjectPublicKeyInfo());
            if (asPublic is not null)
                return new WorkerKey(key);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // The answer below says the same for every reason.
        }
        key.Dispose();
        throw new InvalidDataException($"{path} is no ECDSA P-256 key in PEM; restore it from a copy, or move it away to get a new one (the worker must then be registered anew).");
    }

    private static WorkerKey Create(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(path, options))
            writer.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
        return new WorkerKey(key);
    }
}
