using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Pool;

namespace CocoonPool.Silo.Live;

/// <summary>
/// <c>WS /ws/events</c>: one frame a second with the public picture of the pool. The picture is made once for all listeners, and
/// not at all when nobody listens.
/// </summary>
public sealed partial class EventsSocket(PoolOverview overview, TimeProvider time, ILogger<EventsSocket> log) : BackgroundService
{
    private const int MaxListeners = 1_000;
    private const int MaxListenersOfOneAddress = 100;

    /// <summary>A listener has nothing to say; one that says this much is shown out.</summary>
    private const int MostBytesHeard = 64 << 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TaskCompletionSource<byte[]> _next = New();
    private readonly ConcurrentDictionary<string, int> _ofAddress = new(StringComparer.Ordinal);
    private int _listeners;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Volatile.Read(ref _listeners) == 0)
                continue;
            try
            {
                var frame = JsonSerializer.SerializeToUtf8Bytes(await overview.Frame(stoppingToken), ApiJson.Options);
                Interlocked.Exchange(ref _next, New()).SetResult(frame);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogNoFrame(problem);
            }
        }
    }

    /// <summary>Serves one listener until it leaves or the host stops.</summary>
    public async Task Serve(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw ApiException.Invalid("This address speaks WebSocket.");
        var source = context.SourceNetwork();
        if (Interlocked.Increment(ref _listeners) > MaxListeners | _ofAddress.AddOrUpdate(source, 1, (_, n) => n + 1) > MaxListenersOfOneAddress)
        {
            Leave(source);
            throw new ApiException(503, "service_unavailable", "Too many listeners; try again later.") { RetryAfterSeconds = 30 };
        }
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(20) });
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var listening = Listen(socket, gone);
            while (socket.State == WebSocketState.Open && !gone.IsCancellationRequested)
            {
                var frame = await Volatile.Read(ref _next).Task.WaitAsync(gone.Token);
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, gone.Token);
            }
            await listening;
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            // The listener left; there is nobody to tell.
        }
        finally
        {
            Leave(source);
        }
    }

    private void Leave(string source)
    {
        Interlocked.Decrement(ref _listeners);
        if (_ofAddress.AddOrUpdate(source, 0, (_, n) => n - 1) <= 0)
            _ofAddress.TryRemove(new KeyValuePair<string, int>(source, 0));
    }

    /// <summary>Reads until the listener closes; what it says in between is not needed and is thrown away.</summary>
    private static async Task Listen(WebSocket socket, CancellationTokenSource gone)
    {
        var buffer = new byte[1024];
        try
        {
            var heard = 0;
            while (heard <= MostBytesHeard && await socket.ReceiveAsync(buffer.AsMemory(), gone.Token) is { MessageType: not WebSocketMessageType.Close } said)
                heard += Math.Max(said.Count, 64);
            await socket.CloseOutputAsync(heard > MostBytesHeard ? WebSocketCloseStatus.PolicyViolation : WebSocketCloseStatus.NormalClosure, null, gone.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            // Gone without a goodbye.
        }
        await gone.CancelAsync();
    }

    private static TaskCompletionSource<byte[]> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(1801, LogLevel.Warning, "The live picture of the pool cannot be made now")]
    private partial void LogNoFrame(Exception problem);
}
