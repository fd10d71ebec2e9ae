using System.Text;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>Reads what a service wrote, also while it goes on writing.</summary>
public static class LogFile
{
    private const int Window = 256 * 1024;

    /// <summary>The last lines, read from the file's end: logs may be large.</summary>
    public static string Tail(string path, int lines, long from = 0)
    {
        if (!File.Exists(path))
            return "(no log)";
        using var stream = Open(path);
        var start = Math.Max(from, stream.Length - Window);
        stream.Seek(Math.Min(start, stream.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var all = reader.ReadToEnd().TrimEnd('\n').Split('\n');
        return string.Join('\n', all.TakeLast(lines));
    }

    /// <summary>Gives every text that is appended from now on, until cancelled.</summary>
    public static async Task Follow(string path, Action<string> appended, TimeProvider time, CancellationToken cancellationToken)
    {
        var position = File.Exists(path) ? new FileInfo(path).Length : 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            if (File.Exists(path))
            {
                await using var stream = Open(path);
                if (stream.Length < position)
                    position = 0;
                stream.Seek(position, SeekOrigin.Begin);
                using var reader = new StreamReader(stream, Encoding.UTF8);
                var text = await reader.ReadToEndAsync(cancellationToken);
                position = stream.Position;
                if (text.Length > 0)
                    appended(text);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
