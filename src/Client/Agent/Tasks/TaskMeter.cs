using CocoonPool.Client.Agent.Backends;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Client.Agent.Tasks;

/// <summary>What does not change from task to task: who earns, and how tokens are weighed.</summary>
internal sealed record TaskTerms(WorkerId Worker, TonAddress Participant, int Coefficient, TokenMultipliers Multipliers);

/// <summary>Times and counts one task, and writes its receipt. The end is start plus elapsed time, so a clock that is set cannot make it negative.</summary>
internal sealed class TaskMeter(TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _start = time.GetTimestamp();
    private long? _firstTokenMs;
    private long _counted;

    public void Count(int tokens)
    {
        if (tokens > 0)
            _firstTokenMs ??= ElapsedMs();
        _counted += tokens;
    }

    public Receipt Receipt(TaskId task, string model, TaskTerms terms, BackendEnd end)
    {
        var latency = ElapsedMs();
        var tokens = end.Usage ?? new TokenCounts(0, 0, _counted, 0);
        return new Receipt(
            task, terms.Worker, terms.Participant, model, tokens,
            AdjustedTokens.Of(tokens, terms.Multipliers, terms.Coefficient),
            latency,
            // An answer that came whole has its first token when it has its last.
            _firstTokenMs ?? (end.Status == 200 ? latency : 0),
            TaskOutcomes.Of(end.Status),
            _startedAt, _startedAt.AddMilliseconds(latency));
    }

    private long ElapsedMs() => (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
