using System.Text.Json;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Pool;

namespace CocoonPool.Silo.Live;

/// <summary>
/// <c>WS /ws/events</c>: one frame a second with the public picture of the pool, for whoever does not switch it off, and the events that a
/// listener subscribes to: each once, in the order of the journal, which is the same on every silo.
/// </summary>
public sealed class EventsSocket(PoolOverview overview, EventTail tail, Audience audience, PoolSettings settings, TimeProvider time, ILogger<EventsSocket> log)
    : LivePicture<byte[]>(time, log)
{
    /// <summary>How far back a listener may begin. Whoever was away longer reads the API anew.</summary>
    public const int FurthestBack = 10_000;

    public Task Serve(HttpContext context)
    {
        var subscription = new EventSubscription();
        var who = context.Listener();
        return audience.Seat(
            context,
            [(listener, gone) => SendPictures(listener, subscription, gone), (listener, gone) => TellEvents(listener, subscription, gone)],
            async (listener, message, gone) =>
            {
                var (selection, refusal) = EventWish.Read(message, who, settings);
                if (refusal is var (code, words))
                    await Refuse(listener, code, words, gone);
                else
                    subscription.Set(selection);
            });
    }

    protected override async Task<byte[]> Make(CancellationToken cancellationToken) =>
        JsonSerializer.SerializeToUtf8Bytes(await overview.Frame(cancellationToken), ApiJson.Options);

    private async Task SendPictures(Listener listener, EventSubscription subscription, CancellationToken gone)
    {
        while (true)
        {
            var changed = subscription.Changed;
            if (!subscription.WantsOverview)
            {
                await changed.WaitAsync(gone);
                continue;
            }
            var picture = await Next(gone);
            if (subscription.WantsOverview)
                await listener.Send(picture, gone);
        }
    }

    private async Task TellEvents(Listener listener, EventSubscription subscription, CancellationToken gone)
    {
        var (current, position) = ((EventSelection?)null, 0L);
        while (true)
        {
            var changed = subscription.Changed;
            if (subscription.Selection is not { } selection)
            {
                current = null;
                await changed.WaitAsync(gone);
                continue;
            }
            var window = await tail.Next(gone);
            if (!ReferenceEquals(selection, current))
            {
                // Another silo may have been a moment ahead of this one; a second later it is not.
                if (selection.After > window.Head)
                    window = await tail.Next(gone);
                if (selection.After is { } after && (after > window.Head || after < window.Head - FurthestBack))
                {
                    await Refuse(listener, "out_of_reach", $"after lies between {Math.Max(0, window.Head - FurthestBack)} and {window.Head}; read what you missed from the API and subscribe without it.", gone);
                    subscription.Set(null);
                    continue;
                }

                // Whoever wants something else from now on has missed nothing in between.
                position = selection.After ?? (current is null ? window.Head : position);
                current = selection;
                await listener.Send(new { type = "subscribed", events = selection.Kinds.Select(kind => kind.Name), participant = selection.About, position }, gone);
            }
            foreach (var told in await tail.After(position, window, gone))
            {
                if (selection.Has(told))
                    await listener.Send(told.Frame, gone);
                position = told.Position;
            }
        }
    }

    private static Task Refuse(Listener listener, string code, string message, CancellationToken gone) =>
        listener.Send(new { type = "error", error = new { code, message } }, gone);
}
