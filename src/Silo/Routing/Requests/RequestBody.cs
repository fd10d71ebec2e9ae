using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>Reads a body into one array: it crosses a grain call and goes into one frame as it is.</summary>
internal static class RequestBody
{
    /// <summary>Nearly every body is smaller, and read in one piece.</summary>
    private const int AtOnce = 64 * 1024;

    public static async Task<byte[]> Read(HttpRequest request)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (request.ContentLength is { } length and >= 0 and <= BodyLimit.Inference)
        {
            // What a client announces is not what it sends: memory follows the bytes that have come, or slow senders of nothing could fill it.
            var body = new byte[Math.Min(length, AtOnce)];
            await request.Body.ReadExactlyAsync(body, cancellationToken);
            while (body.Length < length)
            {
                var had = body.Length;
                Array.Resize(ref body, (int)Math.Min(length, had * 4L));
                await request.Body.ReadExactlyAsync(body.AsMemory(had), cancellationToken);
            }
            return body;
        }
        using var buffer = new MemoryStream(4096);
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }
}
