namespace CocoonPool.Grains.Workers.Link;

/// <summary>The numbers of protocol version 1 that both ends must agree on.</summary>
public static class LinkLimits
{
    public const int Protocol = 1;

    public const string Path = "/worker/v1/link";

    /// <summary>Largest frame from the pool, in bytes: it carries a client's whole request.</summary>
    public const int MaxServerFrameBytes = 8 * 1024 * 1024;

    /// <summary>Largest frame from an agent, in bytes.</summary>
    public const int MaxAgentFrameBytes = 1024 * 1024;

    /// <summary>Largest piece of a streamed answer, in bytes of its text: with the credits it bounds the memory of a task.</summary>
    public const int MaxChunkBytes = 256 * 1024;

    /// <summary>Most receipts in one frame.</summary>
    public const int MaxBatch = 256;

    /// <summary>Most <c>receipts</c> frames that may wait for their <c>ack</c>.</summary>
    public const int MaxBatchesInFlight = 4;

    public static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How far the clock of a worker that polls may be off; the signature of a request is good for so long, and within that time once.</summary>
    public static readonly TimeSpan PollClockTolerance = TimeSpan.FromSeconds(30);
}
