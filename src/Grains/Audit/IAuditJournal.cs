namespace CocoonPool.Grains.Audit;

/// <summary>Something that the pool does by itself with money or with its own rules, which no request's line in the audit log would tell of.</summary>
/// <param name="Operation">
/// One name for one step, the same however often the step is tried, such as <c>settlement/7/3/signed/ab12…</c>; at most 200 characters.
/// </param>
/// <param name="Action">What is done, such as <c>settlement_signed</c>.</param>
/// <param name="Object">What it is done to, such as <c>epoch/7/batch/3</c>.</param>
/// <param name="Detail">What is worth knowing later, as JSON: amounts, hashes, reasons; never signed bytes.</param>
public sealed record AuditStep(string Operation, string Action, string Object, DateTimeOffset At, string? Detail);

/// <summary>
/// The audit log as grains write it. A grain writes the line before it persists the step: a step without a line cannot be, while a
/// line whose step was cut short by a crash is followed by the step itself, under the same operation, when the grain goes on.
/// </summary>
public interface IAuditJournal
{
    /// <summary>Returns when the line is durable. A step of an operation that has its line already adds none.</summary>
    Task Write(string poolId, AuditStep step, CancellationToken cancellationToken = default);
}
