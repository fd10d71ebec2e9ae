namespace CocoonPool.Domain.Epochs;

/// <summary>How much each dimension counts in a score, in basis points; together 10,000.</summary>
public sealed record ScoreWeights(int TokensBps, int UptimeBps, int TasksBps, int QualityBps);
