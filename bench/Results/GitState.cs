using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Bench.Results;

/// <summary>Which sources were measured.</summary>
public static class GitState
{
    /// <summary>The short commit, with "+" when files were changed since; "unknown" outside a git checkout.</summary>
    public static async Task<string> Of(string root, CancellationToken cancellationToken)
    {
        try
        {
            var commit = await CommandRun.Of(["git", "-C", root, "rev-parse", "--short=10", "HEAD"], cancellationToken);
            // The results themselves do not count: a run that writes them would make the next one look changed.
            var changes = await CommandRun.Of(
                ["git", "-C", root, "status", "--porcelain", "--", ".", ":!bench/RESULTS.md", ":!bench/results.json"], cancellationToken);
            return commit.ExitCode != 0 ? "unknown" : commit.Output.Trim() + (changes.Output.Length > 0 ? "+" : "");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
