using System.Diagnostics;

namespace CocoonPool.Silo.Routing;

/// <summary>One span for every stage of a request, so that one trace says where its time went. Without a listener it costs nothing.</summary>
public static class GatewayTracing
{
    /// <summary>The spans are <c>inference.request</c>, <c>.metering</c>, <c>.admission</c>, <c>.attempt</c> (with the event <c>first_token</c>) and <c>.answer</c>.</summary>
    public static readonly ActivitySource Source = new("CocoonPool.Gateway");
}
