using System.Security.Cryptography;
using System.Text;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Postgres;

/// <summary>
/// Where the database lies when its account cannot reach the state folder. Everybody may write to the folder around it, so the
/// name can be taken beforehand: only a real folder of our own is ever used or removed.
/// </summary>
/// <param name="root">Where such folders lie; it survives restarts of the machine.</param>
public sealed class OutsideData(StateDirectory state, string root = "/var/tmp")
{
    /// <summary>Two people who run the same checkout get two folders.</summary>
    public string Path { get; } = System.IO.Path.Combine(
        root, "cocoon-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName}\n{state.Path}")))[..12]);

    public async Task Create(CancellationToken cancellationToken)
    {
        // Looked at after it was made: from then on the sticky bit keeps others from putting something else in its place.
        if (!Directory.Exists(Path))
            Directory.CreateDirectory(Path, (UnixFileMode)0b111_001_001);
        await RequireMine(cancellationToken);
    }

    public async Task Remove(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path))
            return;
        await RequireMine(cancellationToken);
        Directory.Delete(Path, recursive: true);
    }

    private async Task RequireMine(CancellationToken cancellationToken)
    {
        var isLink = new DirectoryInfo(Path).LinkTarget is not null;
        if (isLink || (await CommandRun.Of(["test", "-O", Path], cancellationToken)).ExitCode != 0)
            throw new LauncherException($"{Path} would hold the database but belongs to somebody else; remove it, or choose another --state.");
    }
}
