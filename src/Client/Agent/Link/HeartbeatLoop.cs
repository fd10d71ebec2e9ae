using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Link;

/// <summary>
/// Sends heartbeats at the pool's pace or the faster one of the file. When several in a row stay without an answer the
/// stream is given up: a connection can look open for a long time after the other end is gone.
/// </summary>
internal sealed class HeartbeatLoop(WelcomeFrame welcome, TimeSpan? wanted, Func<int> running, Func<CancellationToken, Task<int>> gpuUtilization, TimeProvider time)
{
    private const int ToleratedSilence = 5;

    private long _sequence;
    private long _acknowledged;
    private int _nextMs = welcome.HeartbeatIntervalMs;

    public bool Unanswered { get; private set; }

    public void Acknowledged(HeartbeatAckFrame ack)
    {
        Interlocked.Exchange(ref _acknowledged, ack.Seq);
        Volatile.Write(ref _nextMs, ack.NextMs);
    }

    /// <param name="giveUp">Cancelled when the pool has stopped answering.</param>
    public async Task Run(LinkOutbox outbox, CancellationTokenSource giveUp, CancellationToken cancellationToken)
    {
        while (true)
        {
            var used = await gpuUtilization(cancellationToken);
            if (!await outbox.Send(new HeartbeatFrame(++_sequence, running(), used, time.GetUtcNow())))
                return;
            await Task.Delay(Interval(), time, cancellationToken);
            if (_sequence - Interlocked.Read(ref _acknowledged) < ToleratedSilence)
                continue;
            Unanswered = true;
            await giveUp.CancelAsync();
            return;
        }
    }

    private TimeSpan Interval()
    {
        var asked = TimeSpan.FromMilliseconds(Math.Clamp(Volatile.Read(ref _nextMs), 50, 600_000));
        return wanted is { } own && own < asked ? own : asked;
    }
}
