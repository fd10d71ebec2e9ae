using CocoonPool.Domain.Audit;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Audit;

/// <summary>
/// Writes the audit line of a request before its answer leaves: every change that was tried, and everybody who was turned away.
/// When the line cannot be written the answer is not sent either; a caller that repeats with its idempotency key loses nothing.
/// </summary>
public sealed class AuditTrail(RequestDelegate next, AuditWriter writer, StrangerLines strangers, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && !MethodRefusal.Is(endpoint))
            context.Response.OnStarting(() => Record(context));
        return next(context);
    }

    /// <summary>A request that may change something. Inference changes nothing that an audit asks about, and its content is nobody's business.</summary>
    public static bool IsMutation(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method)
        && context.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<NotAudited>() is null && metadata.GetMetadata<RequiredPermission>()?.Permission is not Permission.Infer;

    private async Task Record(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var turnedAway = status is 401 or 403 or 429;
        if (!IsMutation(context) && !turnedAway)
            return;
        var (note, holder) = (context.Note(), context.Holder());
        if (holder is null && status >= 400 && !strangers.Admit(context.SourceNetwork()))
            return;
        var success = status < 400;
        await writer.Write(new AuditEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            AuditText.Line(holder?.Subject ?? note.Actor ?? "anonymous"),
            holder?.Role ?? "",
            AuditText.Line(note.Action ?? $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}"),
            AuditText.Line(note.Object ?? string.Join('/', context.Request.RouteValues.Select(v => v.Value))),
            context.SourceAddress(), success, context.TraceIdentifier,
            AuditText.Json(note.Before),
            success ? AuditText.Json(note.After) : AuditText.Json(new { status, code = note.Refusal })));
    }
}
