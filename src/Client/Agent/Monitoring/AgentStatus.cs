using CocoonPool.Domain.Contributions;

namespace CocoonPool.Client.Agent.Monitoring;

/// <summary>What the agent knows of itself, for <c>status</c> and the metrics. Written by the parts, read by the monitoring port.</summary>
internal sealed class AgentStatus(TimeProvider time)
{
    private readonly long[] _ended = new long[Enum.GetValues<TaskOutcome>().Length];
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private volatile string _state = "starting";
    private volatile string _detail = "";
    private long _reconnects;
    private long _lastHeartbeatAckTicks;

    /// <summary>Counts that belong to other parts.</summary>
    public Func<int> RunningTasks { get; set; } = () => 0;

    public Func<int> WaitingReceipts { get; set; } = () => 0;

    public void TaskEnded(TaskOutcome outcome) => Interlocked.Increment(ref _ended[(int)outcome]);

    public void HeartbeatAcknowledged() => Interlocked.Exchange(ref _lastHeartbeatAckTicks, time.GetUtcNow().UtcTicks);

    public void Connecting(string detail) => Become("connecting", detail);

    public void Connected(string streamId) => Become("connected", $"stream {streamId}");

    public void Disconnected(string reason)
    {
        Interlocked.Increment(ref _reconnects);
        Become("disconnected", reason);
    }

    public void Registering(string detail) => Become("registering", detail);

    public void Draining() => Become("draining", "finishes what runs, then leaves");

    /// <summary>Something odd that stops nothing.</summary>
    public void Mistake(string what) => _detail = what;

    public AgentStatusReport Report(string workerId, string pool) => new(
        workerId, pool, _state, _detail, _startedAt, RunningTasks(), WaitingReceipts(), Interlocked.Read(ref _reconnects),
        Interlocked.Read(ref _lastHeartbeatAckTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        Enum.GetValues<TaskOutcome>().ToDictionary(outcome => outcome.ToString(), outcome => Interlocked.Read(ref _ended[(int)outcome]), StringComparer.Ordinal));

    private void Become(string state, string detail)
    {
        _state = state;
        _detail = detail;
    }
}

/// <param name="Tasks">Ended tasks by outcome, since the start.</param>
internal sealed record AgentStatusReport(
    string WorkerId,
    string Pool,
    string State,
    string Detail,
    DateTimeOffset StartedAt,
    int RunningTasks,
    int UnacknowledgedReceipts,
    long Disconnects,
    DateTimeOffset? LastHeartbeatAcknowledgedAt,
    Dictionary<string, long> Tasks);
