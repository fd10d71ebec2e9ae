namespace CocoonPool.Chaos.Harms;

/// <summary>One thing that goes wrong: done, left for a while, undone.</summary>
/// <param name="Kind">For the report: <c>kill</c>, <c>freeze</c>, …</param>
/// <param name="Victim">A service or a link.</param>
/// <param name="Lasts">How long until it is undone.</param>
/// <param name="Undo">Must be safe to call when the victim died meanwhile.</param>
public sealed record Harm(string Kind, string Victim, TimeSpan Lasts, Func<CancellationToken, Task> Do, Action Undo);
