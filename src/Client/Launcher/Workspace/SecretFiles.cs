using System.Buffers.Text;
using System.Security.Cryptography;

namespace CocoonPool.Client.Launcher.Workspace;

/// <summary>The secrets of one pool on one machine: made once, readable by their owner only, handed to services by path.</summary>
public sealed class SecretFiles(StateDirectory state)
{
    public string OperatorKey => Keep("operator.key", () => "ck_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public string TicketKey => Keep("ticket.key", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    public string GatewayToken => Keep("gateway.token", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));

    public string DatabasePassword => Keep("database.password", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));

    public static string Read(string path) => File.ReadAllText(path).Trim();

    /// <summary>Writes a secret that was made elsewhere, such as an API key that the pool shows only once.</summary>
    public string Store(string name, string value)
    {
        var path = Path.Combine(state.Secrets, name);
        File.Delete(path);
        Write(path, value);
        return path;
    }

    private string Keep(string name, Func<string> make)
    {
        var path = Path.Combine(state.Secrets, name);
        if (!File.Exists(path))
            Write(path, make());
        return path;
    }

    private static void Write(string path, string value)
    {
        // The mode is given at creation: there is no moment in which others could read the file.
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(value);
    }
}
