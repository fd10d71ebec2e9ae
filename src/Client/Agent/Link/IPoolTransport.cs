using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Link;

/// <summary>The way to the pool below the frames: a WebSocket, or grain calls inside the cluster's network.</summary>
internal interface IPoolTransport
{
    /// <summary>Opens a channel to the pool; the challenge is its first frame.</summary>
    /// <param name="poolUrl">Which of the pool's addresses to go to. The cluster's transport has addresses of its own.</param>
    /// <exception cref="IOException">The pool cannot be reached; a WebSocket throws its own exception.</exception>
    Task<IFrameChannel> Connect(Uri poolUrl, CancellationToken cancellationToken);
}
