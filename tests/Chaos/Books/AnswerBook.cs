using System.Collections.Concurrent;

namespace CocoonPool.Chaos.Books;

/// <summary>A whole answer that a client has in its hands.</summary>
/// <param name="CompletionTokens">As the answer's usage says.</param>
public sealed record Answer(string Task, string Worker, long CompletionTokens, bool IsStreamed, DateTimeOffset At);

/// <summary>What clients were answered, and how they were refused.</summary>
public sealed class AnswerBook
{
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Answer> Answers => _answers;

    public int Count => _answers.Count;

    /// <summary>How often requests failed, by what the client saw.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    public void Note(Answer answer) => _answers.Enqueue(answer);

    public void NoteFailure(string seen) => _failures.AddOrUpdate(seen, 1, (_, count) => count + 1);
}
