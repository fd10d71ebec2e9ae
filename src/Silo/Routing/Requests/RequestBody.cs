using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>Reads a body into one array: it crosses a grain call and goes into one frame as it is.</summary>
internal static class RequestBody
{
    public static async Task<byte[]> Read(HttpRequest request)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (request.ContentLength is { } length and >= 0 and <= BodyLimit.Inference)
        {
            var body = new byte[length];
            await request.Body.ReadExactlyAsync(body, cancellationToken);
            return body;
        }
        using var buffer = new MemoryStream(4096);
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }
}
