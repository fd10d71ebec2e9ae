using System.Net.WebSockets;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>Lets listeners in, and out again when they leave, when the host stops, or when what they came in with is worth nothing any more.</summary>
public sealed class Audience(ListenerSeats seats, StandingCheck standing, IHostApplicationLifetime host, TimeProvider time)
{
    /// <summary>How long somebody may go on listening whose session was ended or whose key was revoked: as long as a key is believed elsewhere.</summary>
    public static readonly TimeSpan StandingInterval = TimeSpan.FromSeconds(5);

    /// <summary>Serves one listener. Returns when it is gone.</summary>
    /// <param name="feeds">Each sends until its token is cancelled.</param>
    /// <param name="said">What to do with what the listener says; null when it has nothing to say.</param>
    /// <exception cref="ApiException">400: no WebSocket. 503: no seat is left.</exception>
    public async Task Seat(
        HttpContext context, IReadOnlyList<Func<Listener, CancellationToken, Task>> feeds, Func<Listener, ReadOnlyMemory<byte>, CancellationToken, Task>? said = null)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw ApiException.Invalid("This address speaks WebSocket.");
        using var seat = seats.Take(context.SourceNetwork());
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(20) });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        using var listener = new Listener(socket, time);
        List<Task> parts = [.. feeds.Select(feed => feed(listener, gone.Token)), listener.Hear(said is null ? null : message => said(listener, message, gone.Token), gone.Token)];
        if (context.Holder() is { } holder)
            parts.Add(Watch(listener, holder, gone.Token));

        // Whichever part ends first ends the others: the listener said goodbye, took nothing, or may listen no more.
        await Task.WhenAny(parts);
        await gone.CancelAsync();
        foreach (var part in parts)
            await End(part);
        if (socket.State is not (WebSocketState.Closed or WebSocketState.CloseSent))
            socket.Abort();
    }

    private static async Task End(Task part)
    {
        try
        {
            await part;
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            // The listener left; there is nobody to tell.
        }
    }

    private async Task Watch(Listener listener, KeyHolder holder, CancellationToken gone)
    {
        using var timer = new PeriodicTimer(StandingInterval, time);
        do
        {
            await timer.WaitForNextTickAsync(gone);
        }
        while (await standing.Stands(holder, gone));
        await listener.Close(WebSocketCloseStatus.PolicyViolation, gone);
    }
}
