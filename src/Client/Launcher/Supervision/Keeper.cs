using System.Text.Json;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>
/// The part of a service manager: a small process that starts services again which ended without having been stopped. A service
/// whose record is gone was stopped on purpose and is left alone.
/// </summary>
public sealed class Keeper(StateDirectory state, TextWriter output, TimeProvider time)
{
    public const string Name = "keeper";

    // The definitions hold the database's address with its password: they go the way that they go to the services themselves.
    private const string Variable = "COCOON_KEPT_SERVICES";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly Supervisor _supervisor = new(state, time);

    /// <summary>The keeper as a service: the last one started, and so the first one stopped.</summary>
    public static ServiceDefinition Service(StateDirectory state, IReadOnlyList<ServiceDefinition> kept) => new(
        Name, ["dotnet", typeof(Keeper).Assembly.Location, Name, "--state", state.Path], new ReadyLine("keeper ready"))
    {
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [Variable] = JsonSerializer.Serialize(kept) },
    };

    /// <summary>Keeps the services that the launcher named, until it is stopped.</summary>
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        var text = Environment.GetEnvironmentVariable(Variable)
            ?? throw new LauncherException($"The keeper is started by ./cocoon up, which names the services in {Variable}.");
        await output.WriteLineAsync("keeper ready");
        try
        {
            await Run(JsonSerializer.Deserialize<ServiceDefinition[]>(text)!, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // That is how a keeper ends.
        }
        return 0;
    }

    public Task Run(IReadOnlyList<ServiceDefinition> services, CancellationToken cancellationToken) =>
        Task.WhenAll(services.Select(service => Keep(service, cancellationToken)));

    private async Task Keep(ServiceDefinition service, CancellationToken cancellationToken)
    {
        var pauses = new RestartPauses();
        while (true)
        {
            var started = time.GetTimestamp();
            while (RunRecord.Find(state.Run, service.Name) is not { Process.IsRunning: false })
                await Task.Delay(Poll, time, cancellationToken);
            var pause = pauses.Next(time.GetElapsedTime(started));
            await Say($"{service.Name} ended; it is started again in {pause.TotalSeconds:0.0} s");
            await Task.Delay(pause, time, cancellationToken);
            try
            {
                await _supervisor.Start(service, cancellationToken);
                await Say($"{service.Name} is ready again");
            }
            catch (LauncherException failure)
            {
                // Its last lines are in its own log; what counts here is that it is tried again.
                await Say(failure.Message.ReplaceLineEndings("\n").Split('\n')[0]);
            }
        }
    }

    private Task Say(string what) => output.WriteLineAsync($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {what}");
}
