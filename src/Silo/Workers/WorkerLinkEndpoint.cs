using System.Net.WebSockets;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Workers;

/// <summary>The life of one connection of an agent: accepted, proven, opened at the grain, served, closed at the grain.</summary>
internal sealed partial class WorkerLinkEndpoint(
    LinkHandshake handshake,
    WorkerLinks links,
    ThisSilo here,
    IOptions<WorkerLinkOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<WorkerLinkEndpoint> logger)
{
    private readonly WorkerLinkOptions _options = options.Value;
    private readonly NetworkSeats _unproven = new(options.Value.MaxUnprovenLinks, options.Value.MaxUnprovenLinksOfOneNetwork);

    public async Task Serve(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "websocket";
            return;
        }
        using var seat = lifetime.ApplicationStopping.IsCancellationRequested ? null : _unproven.Take(context.SourceNetwork());
        if (seat is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        try
        {
            var accepted = new WebSocketAcceptContext
            {
                KeepAliveInterval = TimeSpan.FromSeconds(15),
                KeepAliveTimeout = TimeSpan.FromSeconds(20),
            };
            using var webSocket = await context.WebSockets.AcceptWebSocketAsync(accepted);
            using var socket = new FrameSocket(webSocket, LinkLimits.MaxAgentFrameBytes);
            await ServeUnproven(socket, seat, new(context.SourceAddress(), context.SourceNetwork()), context.RequestAborted);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The agent went away before it was anybody; nothing has been promised to it.
        }
    }

    /// <summary>Serves a stream that comes by another way than a WebSocket, under the same rules.</summary>
    public async Task Serve(IFrameChannel channel, CancellationToken aborted)
    {
        try
        {
            // The cluster's own machines are all trusted alike; each of them counts as a network of its own.
            using var seat = lifetime.ApplicationStopping.IsCancellationRequested ? null : _unproven.Take($"{Guid.NewGuid()}");
            if (seat is null)
                await LinkHandshake.Refuse(channel, Unavailable, aborted);
            else
                await ServeUnproven(channel, seat, LinkSource.Cluster, aborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // As above: gone before it was anybody.
        }
    }

    private async Task ServeUnproven(IFrameChannel socket, IDisposable seat, LinkSource source, CancellationToken aborted)
    {
        ProvenWorker? worker;
        try
        {
            worker = await handshake.Prove(socket, source, aborted);
        }
        catch (Exception exception) when (exception is not (WebSocketException or OperationCanceledException or IOException))
        {
            LogHandshakeFailed(exception);
            await LinkHandshake.Refuse(socket, Unavailable, aborted);
            return;
        }
        finally
        {
            seat.Dispose();
        }
        if (worker is not null)
            await ServeProven(worker, socket, aborted);
    }

    /// <summary>Serves a worker that has proven itself in another way than by a hello on this channel.</summary>
    public async Task ServeProven(ProvenWorker worker, IFrameChannel socket, CancellationToken aborted)
    {
        using var session = new WorkerSession(worker, socket, _options, time, logger);
        await Serve(session, socket, aborted);
    }

    private async Task Serve(WorkerSession session, IFrameChannel socket, CancellationToken aborted)
    {
        var cause = "not opened";
        // Known here before the grain is asked: the grain checks with IsOpen, and may assign before its answer is back.
        links.Add(session);
        try
        {
            var opened = await Open(session, aborted);
            if (opened.Value is not { } terms)
            {
                cause = opened.Refusal ?? LinkErrors.Unavailable;
                await LinkHandshake.Refuse(socket, new ErrorFrame(cause, opened.Message, Fatal: true), aborted);
                return;
            }
            LogOpened(session.Id.Value, session.StreamId, session.Worker.Software);
            using var grace = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            using var stopping = lifetime.ApplicationStopping.Register(() =>
            {
                session.Stop();
                grace.CancelAfter(_options.StopGrace);
            });
            using var graceOver = grace.Token.Register(() =>
                session.End(LinkErrors.GoingAway, "This server is stopping; connect again.", WebSocketCloseStatus.EndpointUnavailable));
            cause = await session.Serve(terms, aborted);
        }
        finally
        {
            links.Remove(session);
            session.LoseTasks();
            LogClosed(session.Id.Value, session.StreamId, cause);
            await Close(session, cause);
        }
    }

    private async Task<Outcome<StreamTerms>> Open(WorkerSession session, CancellationToken aborted)
    {
        here.Attract();
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var answer = await session.Worker.Grain.OpenStream(new StreamOpened(session.StreamId, session.Worker.Software));
                if (!string.Equals(answer.Refusal, "elsewhere", StringComparison.Ordinal) || attempt >= _options.OpenStreamAttempts)
                    return answer;
                // The activation on the other silo is leaving; the next call finds or makes one here.
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), time, aborted);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogOpenFailed(session.Id.Value, exception);
            return Outcome<StreamTerms>.Refused(LinkErrors.Unavailable, "The pool cannot open the stream now; try again.");
        }
    }

    private async Task Close(WorkerSession session, string cause)
    {
        try
        {
            await session.Worker.Grain.CloseStream(session.StreamId, cause);
        }
        catch (Exception exception)
        {
            // The grain finds out by IsOpen and by missing heartbeats.
            LogCloseFailed(session.Id.Value, exception);
        }
    }

    private static ErrorFrame Unavailable => new(LinkErrors.Unavailable, "The pool cannot check workers now; try again.", Fatal: true);
}
