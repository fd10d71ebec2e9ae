using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Silo.Workers;

/// <summary>How a task ends when the link, and not the agent, ends it.</summary>
internal static class WorkerEnds
{
    public static readonly InferenceEnd Success = new(200, null, "");

    /// <summary>Success with the back end's own figures, unless they contradict themselves.</summary>
    public static InferenceEnd Succeeded(UsagePart? usage) =>
        usage is { Cached: >= 0, Reasoning: >= 0 } && usage.Cached <= usage.Prompt && usage.Reasoning <= usage.Completion
            ? Success with { Usage = new(usage.Prompt, usage.Cached, usage.Completion, usage.Reasoning) }
            : Success;

    public static readonly InferenceEnd Lost = new(502, "worker_lost", "The connection to the worker broke before the answer was complete.");

    public static readonly InferenceEnd Draining = new(503, "worker_draining", "The worker is leaving and takes no more tasks.");

    public static readonly InferenceEnd Congested = new(503, "worker_congested", "The worker does not read fast enough to be given another task.");

    public static readonly InferenceEnd Duplicate = new(502, "task_running", "This task already runs on the worker.");

    public static readonly InferenceEnd TooLarge = new(
        413, "request_too_large", $"The request is larger than the {LinkLimits.MaxServerFrameBytes} bytes that workers accept.");

    public static readonly InferenceEnd NotJson = new(400, "invalid_body", "The request body is not one JSON document.");

    public static InferenceEnd Violation(string code) => new(502, code, "The worker broke the flow control of its stream.");

    /// <summary>What the agent says about a failure, held to the statuses that the contract knows.</summary>
    public static InferenceEnd Failed(FailedFrame frame) => new(
        frame.Status is >= 400 and <= 599 ? frame.Status : 502,
        frame.Code is { Length: > 0 and <= 64 } ? frame.Code : "worker_failed",
        frame.Message.Length <= 512 ? frame.Message : frame.Message[..512]);
}
