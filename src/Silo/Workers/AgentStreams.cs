using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Workers;

/// <inheritdoc cref="IAgentStreams"/>
/// <param name="services">The endpoint is looked up when a stream opens: it needs the engine, and the engine the grains' ports.</param>
internal sealed class AgentStreams(IServiceProvider services, IOptions<WorkerLinkOptions> options) : IAgentStreams
{
    public IAgentStream Open()
    {
        var channel = new GrainCallChannel();
        channel.Start(options.Value.OverGrainCalls
            ? aborted => services.GetRequiredService<WorkerLinkEndpoint>().Serve(channel, aborted)
            : aborted => LinkHandshake.Refuse(channel, NotOffered, aborted));
        return channel;
    }

    private static ErrorFrame NotOffered => new(
        LinkErrors.TransportNotOffered, "This pool takes worker streams as WebSockets only; set worker.transport to websocket.", Fatal: true);
}
