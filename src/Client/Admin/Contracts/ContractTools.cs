using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace CocoonPool.Client.Admin.Contracts;

/// <summary>
/// Runs the contracts' own programs, which are the only ones here that touch a key: they read it from the folder of the deployment, on the
/// machine of whoever holds it. Neither this program nor the silo ever sees one.
/// </summary>
/// <param name="package">The built contracts package.</param>
/// <param name="keys">The folder of the deployment: keys and <c>deployment.json</c>.</param>
/// <param name="endpoint">URL of a toncenter v2 API; left out, the one that the deployment was made on.</param>
internal sealed class ContractTools(string package, string keys, string? endpoint)
{
    /// <returns>Exit code and what was printed, which is JSON.</returns>
    /// <exception cref="AdminException">It can not be run at all, or it failed; the message is the program's.</exception>
    public async Task<(int ExitCode, string Json)> Run(string[] arguments, CancellationToken cancellationToken)
    {
        var script = Path.Combine(package, "build", "deploy", "main.js");
        if (!File.Exists(script))
            throw new AdminException(ExitCode.Usage, $"{script} is missing: build the contracts (npm ci && npm run build in contracts/), or name the package with --contracts.");
        using var node = Start(["node", script, .. arguments, "--endpoint", Endpoint(), "--state", keys]);
        var output = node.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = node.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await node.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            throw;
        }

        // A verification that finds a difference answers it; anything else that goes wrong answers nothing.
        return await output is { Length: > 0 } json && json.TrimStart() is ['{', ..]
            ? (node.ExitCode == 0 ? ExitCode.Done : ExitCode.Refused, json.Trim())
            : throw new AdminException(ExitCode.Refused, (await error).Trim());
    }

    private string Endpoint() => endpoint ?? Recorded()
        ?? throw new AdminException(ExitCode.Usage, $"{keys} has no deployment yet; name the chain's toncenter v2 API with --endpoint.");

    private string? Recorded()
    {
        var path = Path.Combine(keys, "deployment.json");
        if (!File.Exists(path))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.TryGetProperty("chain", out var chain) ? chain.GetString() : null;
    }

    private static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new AdminException(ExitCode.Usage, $"Node 20 or later is needed for the contracts' programs, and node cannot be run: {missing.Message}");
        }
    }
}
