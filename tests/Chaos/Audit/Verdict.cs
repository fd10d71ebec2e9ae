using CocoonPool.Chaos.Audit.Facts;

namespace CocoonPool.Chaos.Audit;

/// <summary>What the auditor found.</summary>
/// <param name="Objections">None when all is well.</param>
/// <param name="Unrecorded">Answers whose receipts were refused, or died unwritten with their agent: allowed, and counted.</param>
public sealed record Verdict(PoolFacts Facts, IReadOnlyList<string> Objections, int Unrecorded)
{
    public bool Ok => Objections.Count == 0;
}
