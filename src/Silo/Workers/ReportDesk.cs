using System.Threading.Channels;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>
/// Takes what an agent reports of itself, heartbeats and that it is leaving, to the worker's grain in order. A grain that
/// cannot keep up loses the oldest reports: only the newest heartbeat matters.
/// </summary>
internal sealed partial class ReportDesk(
    IWorkerGrain grain, string worker, string streamId, StreamTerms terms, LinkOutbox outbox, ILogger logger)
{
    private readonly Channel<AgentFrame> _reports = Channel.CreateBounded<AgentFrame>(
        new BoundedChannelOptions(8) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public void Take(AgentFrame frame) => _reports.Writer.TryWrite(frame);

    public void Finish() => _reports.Writer.TryComplete();

    /// <param name="refused">Called with the grain's refusal of a heartbeat: this stream is not the worker's any more.</param>
    public async Task Run(Action<string, string> refused)
    {
        await foreach (var frame in _reports.Reader.ReadAllAsync())
        {
            try
            {
                await (frame is HeartbeatFrame heartbeat ? Beat(heartbeat, refused) : grain.Drain("the worker is leaving"));
            }
            catch (Exception exception)
            {
                // No acknowledgement: the agent sends the next one, and gives the stream up when none is ever answered.
                LogReportFailed(worker, exception);
            }
        }
    }

    private async Task Beat(HeartbeatFrame frame, Action<string, string> refused)
    {
        var outcome = await grain.Heartbeat(new WorkerHeartbeat(
            streamId, frame.Seq, Math.Max(0, frame.Running), Math.Clamp(frame.GpuUtilization, 0, 100)));
        if (outcome.Refusal is { } code)
            refused(code, outcome.Message);
        else
            outbox.TryPost(new HeartbeatAckFrame(frame.Seq, (int)terms.HeartbeatInterval.TotalMilliseconds));
    }
}
