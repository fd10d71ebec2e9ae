using CocoonPool.Chaos.Audit.Facts;

namespace CocoonPool.Chaos.Audit;

/// <summary>After the last harm everything that was begun has come to its end.</summary>
public static class LivenessJudge
{
    /// <param name="unrest">What peace was waited for in vain; null when it came.</param>
    public static IEnumerable<string> Judge(PoolFacts facts, string? unrest)
    {
        if (unrest is not null)
            yield return $"liveness: {unrest}";
        foreach (var epoch in facts.Epochs.Where(e => e.Bundle is not null && e.Phase != EpochFacts.Settled))
            yield return $"liveness: epoch {epoch.Number} is closed and not settled (phase {epoch.Phase})";
        foreach (var epoch in facts.Epochs.Where(e => e is { Bundle: null, Phase: not 0 }))
            yield return $"liveness: epoch {epoch.Number} is stuck while closing (phase {epoch.Phase})";
    }
}
