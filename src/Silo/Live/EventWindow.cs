using System.Text.Json;
using CocoonPool.Adapters.Postgres.Pool;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <param name="Kind">Null for a kind that another version tells of; nobody here knows who may hear it.</param>
/// <param name="Frame">What is sent, the same bytes to everybody.</param>
public sealed record FeedEvent(long Position, EventKind? Kind, TonAddress? Participant, byte[] Frame)
{
    public static FeedEvent Of(JournalEntry entry) => new(entry.Position, EventKinds.Find(entry.Event), entry.Participant, JsonSerializer.SerializeToUtf8Bytes(
        new { type = "event", entry.Position, entry.Id, entry.Event, entry.At, data = JsonSerializer.Deserialize<JsonElement>(entry.Data) }, ApiJson.Options));
}

/// <summary>The newest events without a gap.</summary>
/// <param name="Start">The position before the first of them.</param>
/// <param name="Head">The position of the last one, or <paramref name="Start"/> when there is none.</param>
public sealed record EventWindow(long Start, long Head, IReadOnlyList<FeedEvent> Events)
{
    public static EventWindow Empty { get; } = new(0, 0, []);

    /// <summary>The window after more events.</summary>
    /// <param name="after">The position after which they come; from another one than <see cref="Head"/> on, this window's are forgotten.</param>
    /// <param name="most">So many newest ones are kept.</param>
    public EventWindow With(long after, IReadOnlyList<FeedEvent> more, int most)
    {
        var all = after == Head ? [.. Events, .. more] : more;
        if (all.Count <= most)
            return new(after == Head ? Start : after, all.Count == 0 ? after : all[^1].Position, all);
        var dropped = all.Count - most;
        return new(all[dropped - 1].Position, all[^1].Position, [.. all.Skip(dropped)]);
    }

    /// <summary>The events after a position from <see cref="Start"/> on.</summary>
    public IEnumerable<FeedEvent> After(long position) => Events.SkipWhile(e => e.Position <= position);
}
