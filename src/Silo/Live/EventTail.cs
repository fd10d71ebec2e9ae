using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Grains;

namespace CocoonPool.Silo.Live;

/// <summary>
/// The end of the journal of events, read once a second for all who listen to events on this silo. The newest ones are kept, so that
/// neither a slow listener nor one that comes back costs a query of its own; older ones are read for whoever asks, a page a second.
/// </summary>
public sealed class EventTail(EventJournal journal, PoolSettings settings, TimeProvider time, ILogger<EventTail> log)
    : LivePicture<EventWindow>(time, log)
{
    private const int Kept = 1_000;
    private const int Page = 500;

    private EventWindow _window = EventWindow.Empty;

    /// <summary>The events after a position, from the window when it reaches back so far, else the next page of the journal.</summary>
    public async Task<IEnumerable<FeedEvent>> After(long position, EventWindow window, CancellationToken cancellationToken) =>
        position >= window.Start ? window.After(position) : (await journal.After(settings.Id, position, Page, cancellationToken)).Select(FeedEvent.Of);

    protected override async Task<EventWindow> Make(CancellationToken cancellationToken)
    {
        // After a pause in which nobody listened only the newest are read.
        var from = Math.Max(_window.Head, await journal.Head(settings.Id, cancellationToken) - Kept);
        var fresh = await journal.After(settings.Id, from, Kept, cancellationToken);
        return _window = _window.With(from, [.. fresh.Select(FeedEvent.Of)], Kept);
    }
}
