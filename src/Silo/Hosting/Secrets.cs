namespace CocoonPool.Silo.Hosting;

/// <summary>Secrets come from files that nobody else can read; their content is never logged.</summary>
public static class Secrets
{
    /// <exception cref="InvalidOperationException">The file is missing, empty, or readable by others; the message names the key of the configuration.</exception>
    public static string Read(string path, string key)
    {
        if (!File.Exists(path))
            throw new InvalidOperationException($"{key} names '{path}', and there is no such file.");
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if ((File.GetUnixFileMode(path) & others) != UnixFileMode.None)
                throw new InvalidOperationException($"{key} names '{path}', which others can read; run `chmod 600` on it.");
        }
        var secret = File.ReadAllText(path).Trim();
        return secret.Length > 0 ? secret : throw new InvalidOperationException($"{key} names '{path}', and that file is empty.");
    }
}
