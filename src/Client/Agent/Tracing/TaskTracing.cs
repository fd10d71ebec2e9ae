using System.Diagnostics;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Tracing;

/// <summary>
/// The agent's part of a request's trace: <c>agent.task</c> from the assignment to the last frame, and in it <c>agent.backend</c>, the
/// call of the inference server. Their trace comes with the assignment. Without a listener it costs nothing.
/// </summary>
internal static class TaskTracing
{
    public static readonly ActivitySource Source = new("CocoonPool.Agent");

    public static Activity? Task(AssignFrame assignment)
    {
        // A task of no trace begins none: what is traced is decided where the request came in.
        var parent = default(ActivityContext);
        return assignment.Traceparent is not null && ActivityContext.TryParse(assignment.Traceparent, null, isRemote: true, out parent)
            ? Source.StartActivity("agent.task", ActivityKind.Consumer, parent)?.SetTag("task", assignment.Task).SetTag("model", assignment.Model)
            : null;
    }

    public static Activity? Backend() => Activity.Current?.Source == Source ? Source.StartActivity("agent.backend", ActivityKind.Client) : null;
}
