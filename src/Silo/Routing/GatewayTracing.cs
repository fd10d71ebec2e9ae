using System.Diagnostics;

namespace CocoonPool.Silo.Routing;

/// <summary>One span for every stage of a request, so that one trace says where its time went. Without a listener it costs nothing.</summary>
public static class GatewayTracing
{
    /// <summary>The spans are <c>inference.request</c>, <c>.metering</c>, <c>.admission</c>, <c>.attempt</c> (with the event <c>first_token</c>) and <c>.answer</c>.</summary>
    public static readonly ActivitySource Source = new("CocoonPool.Gateway");

    /// <summary>
    /// What the worker is told of the trace: the innermost span when it is recorded here, or the client's own trace when it has one. Null
    /// otherwise, since an id that leads nowhere only makes frames longer; never what a client wrote that is no W3C Trace Context.
    /// </summary>
    public static string? Traceparent =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } span && (span.Recorded || span is { Parent: null, ParentId: not null }) ? span.Id : null;
}
