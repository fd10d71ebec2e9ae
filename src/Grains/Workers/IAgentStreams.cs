namespace CocoonPool.Grains.Workers;

/// <summary>Streams of agents that come in by grain calls, as their grain sees them.</summary>
public interface IAgentStreams
{
    /// <summary>Begins to serve one more stream on this silo.</summary>
    IAgentStream Open();
}

/// <summary>The two directions of one stream; disposing of it ends it.</summary>
public interface IAgentStream : IAsyncDisposable
{
    /// <summary>The pool's frames in order, until the stream ends.</summary>
    IAsyncEnumerable<byte[]> Outgoing(CancellationToken cancellationToken);

    /// <summary>Takes a frame of the agent, waiting for room. False when the stream has ended.</summary>
    Task<bool> Incoming(byte[] frame);

    /// <summary>The agent says nothing more.</summary>
    void Close();
}
