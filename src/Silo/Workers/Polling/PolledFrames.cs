using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers.Polling;

/// <summary>The frames of the worker's session and what its polls carry, as each other.</summary>
internal static class PolledFrames
{
    public static PolledAssignment Assignment(AssignFrame frame) => new(frame.Task, frame.Ticket, frame.Route, frame.Model, frame.Stream, frame.Body.Utf8);

    public static AgentFrame Piece(PolledResult result, int number) => new TokensFrame(result.Task, [new(new(result.Chunks[number]), 0)]);

    /// <summary>A done or failed frame.</summary>
    public static AgentFrame End(PolledResult result)
    {
        Utf8Text? body = result.Body is { } document ? new Utf8Text(document) : null;
        return result.Status == 200
            ? new DoneFrame(result.Task, 200, body, result.Usage is { } usage ? new(usage.Prompt, usage.Cached, usage.Completion, usage.Reasoning) : null)
            : new FailedFrame(result.Task, result.Status, result.Code ?? "worker_failed", result.Message ?? "", body);
    }
}
