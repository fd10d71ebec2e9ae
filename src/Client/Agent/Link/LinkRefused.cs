namespace CocoonPool.Client.Agent.Link;

/// <summary>The pool did not let this worker in, or ended its stream, and said why.</summary>
internal sealed class LinkRefusedException(string code, string message) : Exception(message)
{
    /// <summary>One of <c>LinkErrors</c>, or a refusal of the worker's grain.</summary>
    public string Code { get; } = code;
}
