using CocoonPool.Chaos.Audit;
using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Growth;

namespace CocoonPool.Chaos.Running;

/// <summary>What came out of one run.</summary>
/// <param name="MoneyFailures">Payments and closings that were refused or got no answer.</param>
/// <param name="Impossible">Kinds of harm that this machine does not allow, with the reason.</param>
/// <param name="Growth">Memory and file descriptors of every service.</param>
public sealed record ChaosOutcome(
    ChaosOptions Options, DateTimeOffset StartedAt, AllBooks Books, int MoneyFailures, IReadOnlyList<string> Impossible, IReadOnlyList<ServiceSeries> Growth, Verdict Verdict);
