namespace CocoonPool.Grains.Workers;

/// <summary>
/// A worker stream carried by grain calls, for agents inside the cluster's own trusted network. The frames are those of the
/// worker protocol, hello and its proof included, so that a stream means the same whatever carries it. Key: drawn by the agent for
/// each stream. Lives on the silo where the agent came in.
/// </summary>
[Alias("cocoon.IWorkerLinkGrain")]
public interface IWorkerLinkGrain : IGrainWithStringKey
{
    /// <summary>Opens the stream and yields the pool's frames until it ends. Giving up the enumeration ends the stream.</summary>
    [Alias("Listen"), AlwaysInterleave]
    IAsyncEnumerable<LinkText> Listen(CancellationToken cancellationToken = default);

    /// <summary>One frame of the agent; the next one may be said when this one was answered. False: there is no such stream, or not any more.</summary>
    [Alias("Say"), AlwaysInterleave]
    Task<bool> Say(LinkText frame);

    /// <summary>The agent says nothing more.</summary>
    [Alias("Close"), AlwaysInterleave]
    Task Close();
}

/// <param name="Utf8">One frame as JSON.</param>
[GenerateSerializer, Immutable, Alias("cocoon.LinkText")]
public sealed record LinkText([property: Id(0)] byte[] Utf8);
