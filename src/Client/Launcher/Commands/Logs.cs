using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Commands;

/// <summary><c>logs</c>: what one service, or every service, wrote.</summary>
public static class Logs
{
    public static async Task<int> Show(
        StateDirectory state, string? service, int tail, bool follow, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var available = Directory.Exists(state.Logs)
            ? Directory.EnumerateFiles(state.Logs, "*.log").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal).ToList()
            : [];
        var wanted = service is null ? available : available.Where(name => string.Equals(name, service, StringComparison.Ordinal)).ToList();
        if (wanted.Count == 0)
        {
            await output.WriteLineAsync(available.Count == 0
                ? $"There are no logs in {state.Logs}."
                : $"There is no log of \"{service}\"; there is: {string.Join(", ", available)}.");
            return 1;
        }

        foreach (var name in wanted)
            await Write(output, wanted.Count > 1 ? name : null, LogFile.Tail(state.Log(name), tail));
        if (follow)
        {
            try
            {
                await Task.WhenAll(wanted.Select(name => LogFile.Follow(
                    state.Log(name), text => Write(output, wanted.Count > 1 ? name : null, text.TrimEnd('\n')).GetAwaiter().GetResult(), time, cancellationToken)));
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how following ends.
            }
        }

        return 0;
    }

    private static Task Write(TextWriter output, string? name, string text) =>
        output.WriteLineAsync(name is null ? text : string.Join('\n', text.Split('\n').Select(line => $"{name,-10} {line}")));
}
