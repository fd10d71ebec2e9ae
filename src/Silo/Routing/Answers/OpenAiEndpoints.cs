using System.Buffers;
using System.Text.Json;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using Microsoft.AspNetCore.Http.Features;

namespace CocoonPool.Silo.Routing;

/// <summary>The OpenAI-compatible front door. Bytes of the back end travel through it as they are; nothing is parsed and written again.</summary>
public static class OpenAiEndpoints
{
    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", (HttpContext context, InferenceGate gate) => Serve("chat/completions", context, gate))
            .Requires(Permission.Infer).Limited(RateClass.Inference).WithSummary("Chat, as OpenAI's API has it; streaming with 'stream': true.");
        routes.MapPost("/v1/completions", (HttpContext context, InferenceGate gate) => Serve("completions", context, gate))
            .Requires(Permission.Infer).Limited(RateClass.Inference).WithSummary("Text completion, as OpenAI's API has it.");
        routes.MapGet("/v1/models", (RoutingSnapshot snapshot, ModelQueues queues) =>
            Results.Json(new { @object = "list", data = snapshot.Models.Order(StringComparer.Ordinal).Select(m => Model(m, snapshot, queues)) }, ApiJson.Options))
            .Requires(Permission.Infer).WithSummary("The models that this pool serves.");
        routes.MapGet("/v1/models/{model}", (string model, RoutingSnapshot snapshot, ModelQueues queues) => snapshot.Knows(model)
            ? Results.Json(Model(model, snapshot, queues), ApiJson.Options)
            : throw new ApiException(404, "model_not_found", $"The model '{model}' does not exist in this pool; GET /v1/models lists what it serves."))
            .Requires(Permission.Infer).WithSummary("One model.");
        routes.MapPoolInference();
        routes.MapAssignment();
    }

    private static object Model(string model, RoutingSnapshot snapshot, ModelQueues queues)
    {
        var price = queues.Of(model).Terms.Price;
        return new
        {
            id = model,
            @object = "model",
            created = 0,
            owned_by = "cocoon-pool",
            workers = snapshot.Offers(model).Count,
            pricing = new { prompt_nano = price.Prompt, cached_nano = price.Cached, completion_nano = price.Completion, per_tokens = 1_000_000 },
        };
    }

    private static async Task Serve(string route, HttpContext context, InferenceGate gate)
    {
        var request = InferenceRequest.Of(route, await RequestBody.Read(context.Request), context.Request.Headers);
        try
        {
            await using var answer = await gate.Open(context, request);
            if (request.Stream)
                await Stream(context, answer);
            else
                await Whole(context, answer);
        }
        catch (BackendRefusedException refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = refusal.Document.Length;
            await context.Response.BodyWriter.WriteAsync(refusal.Document, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered; what there was to be settled and cancelled is.
        }
    }

    private static async Task Whole(HttpContext context, OpenAnswer answer)
    {
        var document = await answer.ReadWhole();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.BodyWriter.WriteAsync(document, context.RequestAborted);
    }

    /// <summary>The answer of a request that does not stream.</summary>
    /// <exception cref="ApiException">The worker failed after all.</exception>
    internal static async Task<byte[]> ReadWhole(this OpenAnswer answer)
    {
        byte[] document = [];
        while (await answer.MoveNext())
        {
            if (answer.Current.End is { Status: not 200 } end)
                throw AnswerErrors.Of(end);
            if (answer.Current.Data.Length > 0)
                document = answer.Current.Data;
        }
        return document;
    }

    private static async Task Stream(HttpContext context, OpenAnswer answer)
    {
        context.Response.BeginEvents();
        var writer = context.Response.BodyWriter;
        var unsent = false;
        while (true)
        {
            // What is there already goes out together; nothing that is there waits for what is not.
            var next = answer.MoveNext();
            if (unsent && !next.IsCompleted)
            {
                await context.Flush(writer);
                unsent = false;
            }
            if (!await next)
                break;
            if (answer.Current.Data.Length > 0 && answer.Current.End is null or { Status: 200 })
                WriteData(writer, answer.Current.Data);
            if (answer.Current.End is { } end)
                WriteEnd(writer, end);
            unsent = true;
        }
        await context.Flush(writer);
    }

    /// <summary>A stream ends with OpenAI's [DONE], or with an error event: never in silence.</summary>
    private static void WriteEnd(IBufferWriter<byte> writer, InferenceEnd end)
    {
        if (end.Status == 200)
        {
            WriteData(writer, "[DONE]"u8);
            return;
        }
        WriteData(writer, JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                error = new
                {
                    message = "The worker was lost while it answered; what came so far is not complete.",
                    type = "server_error",
                    param = (string?)null,
                    code = end.Code ?? AnswerErrors.Of(end).Code,
                },
            }, ApiJson.Options));
    }

    private static void WriteData(IBufferWriter<byte> writer, ReadOnlySpan<byte> data)
    {
        // A line end inside would end the event; JSON needs none, but a worker may send some.
        writer.Write("data: "u8);
        while (data.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var at)
        {
            writer.Write(data[..at]);
            data = data[(at + 1)..];
        }
        writer.Write(data);
        writer.Write("\n\n"u8);
    }

    internal static void BeginEvents(this HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        // A proxy in front must not collect what is meant to arrive token by token.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
