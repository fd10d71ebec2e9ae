namespace CocoonPool.Chaos.Audit.Facts;

/// <summary>One contribution.</summary>
/// <param name="CompletionTokens">What is credited.</param>
/// <param name="IsFlagged">The claim was cut, or nobody but the worker saw the task.</param>
public sealed record Contribution(string Task, int Epoch, string Worker, string Participant, long AdjustedTokens, long CompletionTokens, bool IsSuccess, bool IsFlagged);

/// <summary>One participant's sum in one epoch.</summary>
public sealed record Tally(int Epoch, string Participant, long AdjustedTokens, long GpuMilliseconds, long Tasks);

/// <summary>A stretch of credited uptime of one worker.</summary>
public sealed record UptimeSpan(int Epoch, string Worker, string Participant, DateTimeOffset Since, DateTimeOffset Until, long GpuMilliseconds);

/// <summary>What was contributed.</summary>
public sealed record WorkFacts(IReadOnlyList<Contribution> Contributions, IReadOnlyList<Tally> Tallies, IReadOnlyList<UptimeSpan> Uptime);
