using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CocoonPool.TestKit.Processes;

/// <summary>
/// A program of its own that a test starts and may kill at any moment. A shell stands between them: it alone signals its child, so that a
/// process id which has passed to somebody else is never hit, and it kills the child when this process ends, however it ends.
/// </summary>
public sealed partial class GuardedProcess : IAsyncDisposable
{
    private const string Script =
        """
        exec 3<&0 2>/dev/null
        "$@" </dev/null 3<&- 2>&1 &
        child=$!
        echo "guarded $child"
        { read -r order <&3; kill -9 $child; } >/dev/null &
        guard=$!
        exec 3<&-
        wait $child
        code=$?
        kill $guard
        exit $code
        """;

    private readonly Process _shell;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _pid = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TextWriter _log;
    private readonly Lock _lock = new();
    private bool _killed;

    private GuardedProcess(Process shell, string name, TextWriter log)
    {
        (_shell, _log) = (shell, log);
        Ended = Listen(name);
    }

    /// <summary>Completes with the exit code, never with an exception.</summary>
    public Task<int> Ended { get; }

    /// <summary>The address in the line <c>… ready URL</c> that the program prints. Fails if it ends before.</summary>
    public Task<string> Ready => _ready.Task;

    /// <summary>The program's own process id, for looking at its memory.</summary>
    public Task<int> Pid => _pid.Task;

    /// <param name="log">Where every line of the program goes; it may be shared, and is not disposed.</param>
    public static GuardedProcess Start(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, TextWriter log)
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var word in (string[])["-c", Script, name, .. command])
            start.ArgumentList.Add(word);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        return new(Process.Start(start)!, name, TextWriter.Synchronized(log));
    }

    /// <summary>SIGKILL. False when it was killed before or has ended by itself.</summary>
    public bool Kill()
    {
        lock (_lock)
        {
            if (_killed || Ended.IsCompleted)
                return false;
            _killed = true;
            _shell.StandardInput.Close();
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Ended;
        _shell.Dispose();
    }

    private async Task<int> Listen(string name)
    {
        while (await _shell.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("guarded ", StringComparison.Ordinal))
                _pid.TrySetResult(int.Parse(line.AsSpan("guarded ".Length), CultureInfo.InvariantCulture));
            else if (ReadyLine().Match(line) is { Success: true } ready)
                _ready.TrySetResult(ready.Groups["url"].Value);
            else
                await _log.WriteLineAsync($"{name}: {line}");
        }

        await _shell.WaitForExitAsync();
        _ready.TrySetException(new InvalidOperationException($"{name} ended with {_shell.ExitCode} before it was ready; its log says why."));
        // Whoever does not wait for it does not want to hear of it.
        _ = _ready.Task.Exception;
        return _shell.ExitCode;
    }

    [GeneratedRegex(@"^\w+ ready (?<url>\S+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadyLine();
}
