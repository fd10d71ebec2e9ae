using System.Net;

namespace CocoonPool.Client.Launcher.Pool;

/// <summary>
/// Spreads requests over the silos and takes one that cannot be served to the next silo. What no silo has received may always be
/// sent again; what may have been received only when asking twice does no harm: reads, and what is marked as repeatable.
/// </summary>
public sealed class SiloFailover(IReadOnlyList<string> silos, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Set on a request whose effect may happen twice.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("cocoon.repeatable");

    /// <summary>Long enough for a cluster to notice that a silo is gone, and for a lone silo to be started again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly string[] _authorities = [.. silos.Select(silo => new Uri(silo).Authority)];
    private int _turn = -1;

    /// <summary>A client of all silos; requests name any of them.</summary>
    public static HttpClient Client(IReadOnlyList<string> silos, TimeProvider time) => new(
        new SiloFailover(silos, time, new SocketsHttpHandler { UseProxy = false })) { Timeout = TimeSpan.FromSeconds(60) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The chain and other services are asked through the same client; they have one address.
        if (!_authorities.Contains(request.RequestUri!.Authority, StringComparer.Ordinal))
            return await base.SendAsync(request, cancellationToken);
        var start = time.GetTimestamp();
        var repeatable = request.Method == HttpMethod.Get || (request.Options.TryGetValue(Repeatable, out var marked) && marked);
        for (var turn = (uint)Interlocked.Increment(ref _turn); ; turn++)
        {
            request.RequestUri = new Uri(new Uri(silos[(int)(turn % (uint)silos.Count)]), request.RequestUri!.PathAndQuery);
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (!repeatable || !IsForAnother(response.StatusCode) || IsOver(start))
                    return response;
                response.Dispose();
            }
            catch (HttpRequestException failure) when (!IsOver(start) && (repeatable || failure.HttpRequestError is HttpRequestError.ConnectionError))
            {
                // The next silo is asked.
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static bool IsForAnother(HttpStatusCode status) =>
        status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private bool IsOver(long start) => time.GetElapsedTime(start) > Patience;
}
