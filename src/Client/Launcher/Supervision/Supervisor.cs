using System.Diagnostics;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>
/// Starts services one after the other and records each. Every service leads its own session and writes to its own log file,
/// so that Ctrl-C reaches only the launcher (which stops them in order) and a service outlives a launcher that is told to leave it.
/// </summary>
public sealed class Supervisor(StateDirectory state, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(40);
    private int _started;

    /// <summary>Starts the service and waits until it is ready. A failure says what its log says.</summary>
    /// <exception cref="PortTakenException">It ended because somebody else listens where it was to listen.</exception>
    public async Task<RunRecord> Start(ServiceDefinition service, CancellationToken cancellationToken)
    {
        var log = state.Log(service.Name);
        var from = File.Exists(log) ? new FileInfo(log).Length : 0;
        using var process = Process.Start(StartInfo(service, log)) ?? throw new LauncherException($"{service.Name} could not be started.");
        var identity = ProcessIdentity.Of(process.Id) ?? throw Failed(service, log, from, "ended at once");
        // A service that is started again keeps its place in the order, which is the order of stopping.
        var order = RunRecord.Find(state.Run, service.Name)?.Order ?? Interlocked.Increment(ref _started);
        var record = new RunRecord(
            service.Name, order, identity, service.Port, service.HealthUrl, service.StopSignal,
            (int)service.StopLimit.TotalSeconds);
        record.Write(state.Run);

        var start = time.GetTimestamp();
        while (!await service.Readiness.IsReady(log, from, cancellationToken))
        {
            if (!identity.IsRunning)
                throw Failed(service, log, from, "ended before it was ready");
            if (time.GetElapsedTime(start) > service.StartLimit)
                throw Failed(service, log, from, $"was not ready within {service.StartLimit.TotalSeconds:0} s");
            await Task.Delay(Poll, time, cancellationToken);
        }

        return record;
    }

    private static ProcessStartInfo StartInfo(ServiceDefinition service, string log)
    {
        // setsid replaces itself by sh, and sh by the service: the process id stays the one that is recorded.
        var info = new ProcessStartInfo("setsid")
        {
            UseShellExecute = false,
            WorkingDirectory = service.WorkingDirectory ?? "/",
        };
        foreach (var word in (string[])["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log])
            info.ArgumentList.Add(word);
        foreach (var word in service.Command)
            info.ArgumentList.Add(word);
        foreach (var (name, value) in service.Environment)
            info.Environment[name] = value;
        return info;
    }

    private static LauncherException Failed(ServiceDefinition service, string log, long from, string what)
    {
        var end = LogFile.Tail(log, 20, from);
        var message = $"{service.Name} {what}. The end of {log}:{Environment.NewLine}{end}";
        return PortTakenException.IsToldBy(end) ? new PortTakenException(message) : new LauncherException(message);
    }
}
