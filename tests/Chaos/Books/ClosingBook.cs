using System.Collections.Concurrent;
using CocoonPool.Client.Launcher.Pool;

namespace CocoonPool.Chaos.Books;

/// <summary>What the operator was told about epochs that were closed.</summary>
public sealed class ClosingBook
{
    private readonly ConcurrentQueue<ClosingView> _closings = new();

    public IReadOnlyCollection<ClosingView> Closings => _closings;

    public void Note(ClosingView closing) => _closings.Enqueue(closing);
}
