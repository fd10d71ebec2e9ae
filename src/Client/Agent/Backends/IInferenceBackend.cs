using CocoonPool.Domain.Contributions;

namespace CocoonPool.Client.Agent.Backends;

/// <summary>What serves a model: a server beside the agent, or the built-in demonstration model.</summary>
internal interface IInferenceBackend
{
    /// <summary>
    /// Serves one request. Yields pieces (streaming) or one whole answer, then exactly one end. Leaving or cancelling the
    /// enumeration stops the work; only cancellation throws, every other failure is an end.
    /// </summary>
    IAsyncEnumerable<BackendEvent> Run(BackendRequest request, CancellationToken cancellationToken);

    /// <summary>Does it answer, and does it have the model?</summary>
    Task<BackendProbe> Probe(CancellationToken cancellationToken);
}

/// <param name="Route"><c>chat/completions</c> or <c>completions</c>.</param>
/// <param name="Body">The client's JSON.</param>
/// <param name="Traceparent">What the back end is told of the trace; null when there is none.</param>
internal sealed record BackendRequest(string TaskId, string Route, bool Stream, byte[] Body, string? Traceparent = null);

/// <param name="Problem">Null when all is well, else what is wrong and what to do.</param>
internal sealed record BackendProbe(string Description, string? Problem);

internal abstract record BackendEvent;

/// <param name="Data">One OpenAI chunk, JSON.</param>
/// <param name="Tokens">Completion tokens in it.</param>
internal sealed record BackendChunk(byte[] Data, int Tokens) : BackendEvent;

/// <param name="Body">The whole answer, JSON.</param>
internal sealed record BackendAnswer(byte[] Body) : BackendEvent;

/// <param name="Status">200, or the status that describes the failure, as in a <c>failed</c> frame.</param>
/// <param name="Usage">What the back end says it used; null when it did not say.</param>
/// <param name="Body">An error document for the client.</param>
internal sealed record BackendEnd(int Status, string? Code, string Message, TokenCounts? Usage = null, byte[]? Body = null) : BackendEvent
{
    public static BackendEnd Success(TokenCounts? usage) => new(200, null, "", usage);

    /// <summary>The worker's own fault, whatever the back end called it.</summary>
    public static BackendEnd Fault(string code, string message) => new(502, code, message);
}
