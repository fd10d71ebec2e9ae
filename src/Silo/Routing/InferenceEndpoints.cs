using System.Buffers;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Metrics;
using Microsoft.AspNetCore.Http.Features;

namespace CocoonPool.Silo.Routing;

/// <summary>The OpenAI-compatible front door.</summary>
public static class InferenceEndpoints
{
    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", (HttpContext context, InferenceDispatcher dispatcher, InferenceMetrics metrics) => Serve("chat/completions", context, dispatcher, metrics))
            .Requires(Permission.Infer).WithSummary("Chat, as OpenAI's API has it; streaming with 'stream': true.");
        routes.MapPost("/v1/completions", (HttpContext context, InferenceDispatcher dispatcher, InferenceMetrics metrics) => Serve("completions", context, dispatcher, metrics))
            .Requires(Permission.Infer).WithSummary("Text completion, as OpenAI's API has it.");
        routes.MapGet("/v1/models", (RoutingSnapshot snapshot) => Results.Json(new
        {
            @object = "list",
            data = snapshot.Models.Order(StringComparer.Ordinal).Select(m => new { id = m, @object = "model", created = 0, owned_by = "cocoon-pool", workers = snapshot.Offers(m).Count }),
        }, ApiJson.Options)).Requires(Permission.Infer).WithSummary("The models that this pool serves.");
    }

    private static async Task Serve(string route, HttpContext context, InferenceDispatcher dispatcher, InferenceMetrics metrics)
    {
        var request = InferenceRequest.Parse(route, await ReadBody(context.Request));
        using var measured = metrics.Begin(request.Model);
        try
        {
            var dispatched = await dispatcher.Start(request, context.RequestAborted);
            context.Response.Headers["X-Worker-ID"] = dispatched.Worker.Value;
            context.Response.Headers["X-Task-ID"] = dispatched.Task.Value;
            measured.End(request.Stream ? await Stream(context, dispatched, measured) : await Whole(context, dispatched));
        }
        catch (ApiException refused)
        {
            measured.End(ObservedTasks.OutcomeOf(refused.Status));
            throw;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            measured.End(TaskOutcome.ClientAborted);
        }
    }

    private static async Task<TaskOutcome> Whole(HttpContext context, Dispatched dispatched)
    {
        byte[] answer = [];
        await foreach (var item in dispatched.Items.WithCancellation(context.RequestAborted))
        {
            if (item.Data.Length > 0)
                answer = item.Data;
            if (item.End is { Status: not 200 } end)
                throw InferenceDispatcher.Failed(end);
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer, context.RequestAborted);
        return TaskOutcome.Success;
    }

    private static async Task<TaskOutcome> Stream(HttpContext context, Dispatched dispatched, InferenceMetrics.Measurement measured)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var writer = context.Response.BodyWriter;
        var outcome = TaskOutcome.WorkerFault;
        await foreach (var item in dispatched.Items.WithCancellation(context.RequestAborted))
        {
            if (item.Data.Length > 0)
            {
                measured.Token(item.Tokens);
                writer.Write("data: "u8);
                writer.Write(item.Data);
                writer.Write("\n\n"u8);
            }
            if (item.End is { } end)
            {
                outcome = ObservedTasks.OutcomeOf(end.Status);
                WriteEnd(writer, end);
            }
            await writer.FlushAsync(context.RequestAborted);
        }
        return outcome;
    }

    /// <summary>A stream ends with OpenAI's [DONE], or with an error event: never in silence.</summary>
    private static void WriteEnd(IBufferWriter<byte> writer, InferenceEnd end)
    {
        if (end.Status == 200)
        {
            writer.Write("data: [DONE]\n\n"u8);
            return;
        }
        var error = InferenceDispatcher.Failed(end);
        writer.Write("data: "u8);
        writer.Write(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new { error = new { message = "The worker was lost while it answered; what came so far is not complete.", type = "server_error", param = (string?)null, code = end.Code ?? error.Code } }, ApiJson.Options));
        writer.Write("\n\n"u8);
    }

    private static async Task<byte[]> ReadBody(HttpRequest request)
    {
        using var buffer = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 4096, 0, BodyLimit.Inference));
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }
}
