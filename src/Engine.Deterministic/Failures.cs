using System.Diagnostics.CodeAnalysis;

namespace CocoonPool.Engine.Deterministic;

/// <summary>
/// Work of the simulation came from another thread: input or output, <see cref="Task.Run(Action)"/>, a completion source that
/// continues asynchronously, the cancellation of a channel operation. The run could not be repeated, so it ends here.
/// </summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the simulation throws it.")]
public sealed class EscapedOrderException(string subject, string detail, string stackTrace) : Exception(
    $"'{subject} {detail}' was asked for from a thread that is not the simulation's, so its place in the order is chance. It came from:{Environment.NewLine}{stackTrace}");

/// <summary>A store failed because the simulation wanted it to, as a lost connection would look.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the simulation throws it.")]
public sealed class SimulatedFaultException(string message) : IOException(message);
