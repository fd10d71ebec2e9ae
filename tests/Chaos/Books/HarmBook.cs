using System.Collections.Concurrent;

namespace CocoonPool.Chaos.Books;

/// <summary>Something that was done to the pool.</summary>
/// <param name="Kind">For instance <c>kill</c>.</param>
/// <param name="Victim">A service, or a link between two.</param>
/// <param name="Until">When it was undone: the process ran again, the link was open.</param>
/// <param name="AnsweredAgain">When clients had two further answers after that; null when it took longer than anybody looked, or the run ended before.</param>
public sealed record DoneHarm(string Kind, string Victim, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset? AnsweredAgain);

/// <summary>Everything that was done to the pool, in the order in which it was undone.</summary>
public sealed class HarmBook
{
    private readonly ConcurrentQueue<DoneHarm> _done = new();

    public IReadOnlyCollection<DoneHarm> Done => _done;

    public void Note(DoneHarm harm) => _done.Enqueue(harm);
}
