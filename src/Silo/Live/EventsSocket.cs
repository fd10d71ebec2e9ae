using System.Text.Json;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Pool;

namespace CocoonPool.Silo.Live;

/// <summary><c>WS /ws/events</c>: one frame a second with the public picture of the pool.</summary>
public sealed class EventsSocket(PoolOverview overview, Audience audience, TimeProvider time, ILogger<EventsSocket> log)
    : LivePicture<byte[]>(audience, time, log)
{
    public Task Serve(HttpContext context) => Serve(context, async (listener, gone) =>
    {
        while (true)
            await listener.Send(await Next(gone), gone);
    });

    protected override async Task<byte[]> Make(CancellationToken cancellationToken) =>
        JsonSerializer.SerializeToUtf8Bytes(await overview.Frame(cancellationToken), ApiJson.Options);
}
