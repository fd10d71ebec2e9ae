using System.Diagnostics;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>A program that runs to its end: what it printed and how it ended.</summary>
public sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> Of(
        IReadOnlyList<string> command,
        CancellationToken cancellationToken,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "/",
        };
        foreach (var word in command.Skip(1))
            info.ArgumentList.Add(word);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            info.Environment[name] = value;

        using var process = Process.Start(info) ?? throw new LauncherException($"{command[0]} could not be started.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandRun(process.ExitCode, await output, await error);
    }

    /// <summary>The output of a program that must succeed; its own words are shown when it does not.</summary>
    public static async Task<string> Require(
        string what,
        IReadOnlyList<string> command,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var run = await Of(command, cancellationToken, environment: environment);
        return run.ExitCode == 0
            ? run.Output
            : throw new LauncherException($"{what} failed with exit code {run.ExitCode}:{Environment.NewLine}{run.Error.Trim()}{run.Output.Trim()}");
    }
}
