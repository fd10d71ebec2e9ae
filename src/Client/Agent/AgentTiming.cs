namespace CocoonPool.Client.Agent;

/// <summary>The agent's own times; the pool's come with its welcome.</summary>
internal sealed record AgentTiming
{
    /// <summary>The longest time that a receipt waits for others before the batch is signed. The pool's rule: 50 ms.</summary>
    public TimeSpan ReceiptFlush { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>First pause before a receipt is offered again that the pool left out of its answer; doubles up to 32 times this.</summary>
    public TimeSpan ReceiptRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>First and longest pause before connecting again.</summary>
    public TimeSpan ReconnectFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause before another address of the pool is tried; drawn, so that a lost server's agents do not arrive in one moment.</summary>
    public TimeSpan Hop { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan ReconnectLongest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long connecting and the handshake may take.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long running tasks may go on after the agent was asked to leave.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the agent waits, after its last task, for the pool to acknowledge the last receipts.</summary>
    public TimeSpan LastReceipts { get; init; } = TimeSpan.FromSeconds(5);
}
