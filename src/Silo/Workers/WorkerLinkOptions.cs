using CocoonPool.Domain.Contributions;

namespace CocoonPool.Silo.Workers;

/// <summary>What the worker link needs to know about its pool.</summary>
public sealed class WorkerLinkOptions
{
    /// <summary>The pool whose workers are let in; part of what they sign. Required.</summary>
    public string PoolId { get; set; } = "";

    /// <summary>What agents use for the adjusted tokens of their receipts; must be the pool's parameter. Default: Cocoon's.</summary>
    public TokenMultipliers Multipliers { get; set; } = new();

    /// <summary>
    /// Whether agents inside the cluster's network may open their streams by grain calls, as Orleans clients. Off by default: whoever
    /// reaches an Orleans gateway can call every grain.
    /// </summary>
    public bool OverGrainCalls { get; set; }

    /// <summary>How many pieces of one answer may be under way between agent and client. 2..4096, default 64.</summary>
    public int CreditWindow { get; set; } = 64;

    /// <summary>How many streams may be open that have not proven who they are, against hoarding of connections. Default 256.</summary>
    public int MaxUnprovenLinks { get; set; } = 256;

    /// <summary>How many of them may come from one network: a stranger who hoards his own does not keep the workers of others out. Default 64.</summary>
    public int MaxUnprovenLinksOfOneNetwork { get; set; } = 64;

    /// <summary>How often <c>OpenStream</c> is tried again when the worker's grain still lives on another silo. Default 5.</summary>
    public int OpenStreamAttempts { get; set; } = 5;

    /// <summary>How long one frame may take to be sent before the agent counts as lost. Default 30 s.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running tasks may go on when the silo stops. Default 5 s, under the host's own time-out.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the pool waits for workers that poll.</summary>
    public Polling.PollTimes Polling { get; set; } = CocoonPool.Silo.Workers.Polling.PollTimes.Default;

    /// <summary>Whether polling requests may say <c>mock_</c> instead of a signature. The LoadTest profile alone sets it.</summary>
    public bool AcceptMockSignatures { get; set; }
}
