using Microsoft.AspNetCore.Http.Features;

namespace CocoonPool.Silo.Api;

/// <summary>
/// Refuses a body that says it is too large before reading it. The rest of a moderately large one is read and thrown away, because
/// most clients read an answer only after they have sent everything: closing at once would show them a broken pipe instead of the 413.
/// </summary>
public sealed class BodyLimit(RequestDelegate next)
{
    /// <summary>The largest body of an inference request, in bytes.</summary>
    public const long Inference = 8 << 20;

    /// <summary>The largest body of any other request, in bytes.</summary>
    public const long Other = 1 << 20;

    /// <summary>Up to here the rest of a refused body is thrown away; a larger one costs the sender the connection.</summary>
    private const long Drained = 64 << 20;

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var limit = path.StartsWithSegments("/v1", StringComparison.Ordinal) || path.StartsWithSegments("/api/v1/inference", StringComparison.Ordinal) ? Inference : Other;
        var tooLarge = context.Request.ContentLength > limit;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = tooLarge ? Drained : limit;
        return tooLarge ? throw TooLarge() : next(context);
    }

    public static ApiException TooLarge() => new(413, "too_large", "The request body is too large: 8 MiB for inference, 1 MiB elsewhere.");
}
