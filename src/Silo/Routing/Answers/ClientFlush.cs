using System.IO.Pipelines;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Routing;

/// <summary>Sends a client what was written for it, and parts with clients that do not take it.</summary>
internal static class ClientFlush
{
    /// <summary>
    /// Waits for the client to take what there is, at most <see cref="InferenceOptions.ReaderTime"/>; then the connection is cut, which
    /// ends the work at the worker too. The server's own least rate does not do: it counts bytes, and gives a reader of many
    /// pieces at once hours for them, while a worker's slot and the client's reservation wait.
    /// </summary>
    public static ValueTask Flush(this HttpContext context, PipeWriter writer)
    {
        var flush = writer.FlushAsync(context.RequestAborted);
        if (!flush.IsCompletedSuccessfully)
            return new(Bounded(context, flush.AsTask()));
        flush.GetAwaiter().GetResult();
        return default;
    }

    private static async Task Bounded(HttpContext context, Task<FlushResult> flush)
    {
        var services = context.RequestServices;
        try
        {
            await flush.WaitAsync(services.GetRequiredService<IOptions<InferenceOptions>>().Value.ReaderTime, services.GetRequiredService<TimeProvider>());
        }
        catch (TimeoutException)
        {
            context.Abort();
            await flush;
        }
    }
}
