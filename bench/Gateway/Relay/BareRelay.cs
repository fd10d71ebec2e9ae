using System.Diagnostics;
using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Gateway.Relay;

/// <summary>
/// The pool's topology without the pool: Kestrel, a WebSocket to a second process, HttpClient to the back end, and nothing decided,
/// limited, metered, routed or receipted. What it adds is what this way costs in .NET; the rest of the gateway's figure is the pool's own.
/// </summary>
internal sealed class BareRelay : IAsyncDisposable
{
    private readonly Process _door;
    private readonly Process _agent;

    private BareRelay(Process door, Process agent, string url) => (_door, _agent, Url) = (door, agent, url);

    public string Url { get; }

    public TimeSpan Used => ProcessorTime.Of(_door.Id) + ProcessorTime.Of(_agent.Id);

    public static async Task<BareRelay> Start(BenchContext context, string backend)
    {
        var door = Program(context, RelayDoor.Command);
        var url = await Line(door, context);
        var agent = Program(context, RelayAgent.Command, url, backend);
        var relay = new BareRelay(door, agent, url);
        await Line(agent, context);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        _door.StandardInput.Close();
        foreach (var process in (Process[])[_door, _agent])
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static Process Program(BenchContext context, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [context.Program("Bench", "cocoon-bench"), .. words]) 
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // An agent has the small collector; the door the silo's, which is the benchmark's as well.
        if (words[0] == RelayAgent.Command)
            start.Environment["DOTNET_gcServer"] = "0";
        return Process.Start(start)!;
    }

    private static async Task<string> Line(Process process, BenchContext context) =>
        await process.StandardOutput.ReadLineAsync(context.Cancellation) ?? throw new InvalidOperationException($"The bare relay did not start: {await process.StandardError.ReadToEndAsync()}");
}
