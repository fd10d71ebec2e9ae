namespace CocoonPool.Domain.Routing;

/// <summary>
/// The candidate whose answer is expected first: its peak-EWMA latency times the requests it would then have, per weight. The peak
/// makes it leave a worker that turns slow at the first slow answer, and come back slowly.
/// Source: Finagle's peak EWMA load balancer. A worker of which nothing is known is tried with one request at a time.
/// </summary>
public sealed class LowestLatency : IRoutingPolicy
{
    /// <summary>What a worker without a figure costs while its first request is out: more than any real latency, so that one probe is enough.</summary>
    private const double UnknownMicroseconds = 1e9;

    public string Name => "lowest-latency";

    public bool GoesByChance => false;

    public int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw) => Lowest.Of(candidates, draw, this);

    public double Score(in Candidate candidate, in Draw draw) => candidate.LatencyMicroseconds switch
    {
        > 0 and var latency => latency * (candidate.Running + 1) * 100 / candidate.WeightPercent,
        _ => candidate.Running * UnknownMicroseconds,
    };
}
