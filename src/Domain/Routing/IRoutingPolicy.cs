using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Routing;

/// <summary>A worker that may take a request: every constraint holds for it.</summary>
/// <param name="Running">Tasks it runs now, as this silo knows.</param>
/// <param name="MaxConcurrency">Tasks it can run at once for the model.</param>
/// <param name="WeightPercent">100 normally, 25 while degraded.</param>
public readonly record struct Candidate(WorkerId Worker, int Running, int MaxConcurrency, int WeightPercent);

/// <summary>Chooses one of the candidates. Chance comes from the caller, so that a choice can be repeated in a test.</summary>
public interface IRoutingPolicy
{
    /// <summary>The name in the configuration.</summary>
    string Name { get; }

    /// <summary>The index of the chosen candidate, or −1 when there is none.</summary>
    /// <param name="candidates">In a stable order.</param>
    /// <param name="random">64 random bits.</param>
    int Choose(ReadOnlySpan<Candidate> candidates, ulong random);
}
