using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Routing;

/// <summary>A worker that may take a request: every constraint holds for it.</summary>
/// <param name="Running">Tasks it runs now, as this silo knows.</param>
/// <param name="MaxConcurrency">Tasks it can run at once for the model; at least 1.</param>
/// <param name="WeightPercent">100 normally, 25 while degraded, in between while it recovers; see <see cref="WorkerWeight"/>.</param>
/// <param name="ReputationPermille">Its participant's reputation, 0 to 1000; only how candidates compare matters.</param>
/// <param name="LatencyMicroseconds">Its <see cref="PeakEwma"/> to the first token; 0 while nothing is known.</param>
public readonly record struct Candidate(
    WorkerId Worker, int Running, int MaxConcurrency, int WeightPercent, int ReputationPermille = 1000, double LatencyMicroseconds = 0)
{
    /// <summary>What it can carry, in slots at full weight.</summary>
    public double Capacity => MaxConcurrency * WeightPercent / 100.0;

    /// <summary>
    /// What it runs by what it can carry. An idle candidate has none, whatever its size: were the new request counted in, the largest
    /// would always come first in a quiet pool, and a worker whose weight still grows would get nothing at all. Policies that compare
    /// loads therefore give a tie by capacity, and with it the small and the new their share.
    /// </summary>
    public double Load => Running / Capacity;
}

/// <summary>What a choice may depend on beside the candidates. It comes from the caller, so that a choice can be repeated in a test.</summary>
/// <param name="Random">64 random bits.</param>
/// <param name="Turn">Counts up with every choice for the model.</param>
/// <param name="Prefix">The <see cref="PrefixHash"/> of the conversation, or 0 when there is none.</param>
public readonly record struct Draw(ulong Random, ulong Turn = 0, ulong Prefix = 0);

/// <summary>Chooses one of the candidates.</summary>
public interface IRoutingPolicy
{
    /// <summary>The name in the configuration.</summary>
    string Name { get; }

    /// <summary>
    /// Whether it draws by what each candidate can carry and looks at none but those: then a few candidates, picked evenly, serve as well
    /// as all of them. The others compare all, or need their order.
    /// </summary>
    bool GoesByChance { get; }

    /// <summary>The index of the chosen candidate, or −1 when there is none.</summary>
    /// <param name="candidates">In a stable order.</param>
    int Choose(ReadOnlySpan<Candidate> candidates, in Draw draw);

    /// <summary>How the policy sees a candidate, the lower the better: for explaining a choice, not for making it.</summary>
    double Score(in Candidate candidate, in Draw draw);
}
