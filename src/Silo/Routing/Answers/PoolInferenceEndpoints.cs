using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using CocoonPool.Adapters.Postgres.Routing;
using CocoonPool.Domain.Routing;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Routing;

/// <summary>The pool's own form of inference, on the same way as OpenAI's; a repeated <c>request_id</c> within a day is served once.</summary>
public static class PoolInferenceEndpoints
{
    public sealed record PoolRequest(string Model, JsonElement Messages, double? Temperature, int? MaxTokens, bool? Stream, PoolRequestMetadata? Metadata);

    public sealed record PoolRequestMetadata(string? RequestId, string? Priority);

    public sealed record Usage(long PromptTokens, long CompletionTokens, long TotalTokens);

    internal static void MapPoolInference(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/inference/submit", (PoolRequest body, HttpContext context, InferenceGate gate, ServedRequests served, PoolSettings settings) =>
            Once(body, stream: false, context, gate, served, settings))
            .Requires(Permission.Infer).Limited(RateClass.Inference).WithSummary("One request, answered whole.");
        routes.MapPost("/api/v1/inference/stream", (PoolRequest body, HttpContext context, InferenceGate gate, ServedRequests served, PoolSettings settings) =>
            Once(body, stream: true, context, gate, served, settings))
            .Requires(Permission.Infer).Limited(RateClass.Inference).WithSummary("One request, answered token by token as server-sent events.");
    }

    private static async Task Once(PoolRequest body, bool stream, HttpContext context, InferenceGate gate, ServedRequests served, PoolSettings settings)
    {
        var given = body.Metadata?.RequestId;
        if (given is { Length: 0 or > 100 } || given?.Any(char.IsControl) == true)
            throw ApiException.Invalid("metadata.request_id has 1 to 100 characters that can be seen.");
        var request = Translate(body, stream, context.Request.Headers);
        // With the role: an account may have the name of a client, and must not be given its answers.
        var client = $"{context.Holder()!.Role}:{context.Holder()!.Subject}";
        if (given is null)
        {
            await Serve(request, $"{context.TraceIdentifier}", context, gate);
            return;
        }
        var claim = await served.Claim(settings.Id, client, given, SHA256.HashData(request.Body), context.RequestAborted);
        switch (claim.State)
        {
            case ClaimState.Served:
                await Replay(claim.Answer!, stream, context);
                return;
            case ClaimState.Running:
                throw new ApiException(409, "conflict", $"The request '{given}' is being served; ask again for its answer.") { RetryAfterSeconds = 1 };
            case ClaimState.OtherBody:
                throw new ApiException(409, "idempotency_conflict", $"The request_id '{given}' was used with another body; use a new one.");
        }
        byte[]? answer = null;
        try
        {
            answer = await Serve(request, given, context, gate);
        }
        finally
        {
            // Not with the client's token: whether it is served must be known also after it left.
            if (answer is null)
                await served.Release(settings.Id, client, given);
            else
                await served.Complete(settings.Id, client, given, answer);
        }
    }

    private static InferenceRequest Translate(PoolRequest body, bool stream, IHeaderDictionary headers)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("model", body.Model);
            json.WritePropertyName("messages");
            if (body.Messages.ValueKind == JsonValueKind.Undefined)
                json.WriteNullValue();
            else
                body.Messages.WriteTo(json);
            if (body.Temperature is { } temperature)
                json.WriteNumber("temperature", temperature);
            if (body.MaxTokens is { } most)
                json.WriteNumber("max_tokens", most);
            json.WriteBoolean("stream", stream);
            json.WriteEndObject();
        }
        var request = InferenceRequest.Of("chat/completions", output.WrittenSpan.ToArray(), headers);
        if (body.Metadata?.Priority is not { } word)
            return request;
        return RequestPriorities.TryParse(word, out var priority)
            ? request with { Wishes = request.Wishes with { Priority = priority } }
            : throw ApiException.Invalid("metadata.priority is low, normal or high.");
    }

    /// <summary>Serves the request and answers the document that a repeat of it gets; null when it was not served to the end.</summary>
    private static async Task<byte[]?> Serve(InferenceRequest request, string id, HttpContext context, InferenceGate gate)
    {
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            await using var answer = await gate.Open(context, request);
            var served = request.Stream
                ? await PoolAnswers.Stream(context, answer)
                : PoolAnswers.Read(await answer.ReadWhole());
            if (served is null && !request.Stream)
            {
                answer.Reject();
                throw new ApiException(502, "bad_gateway", "The worker's answer can not be read; try again.");
            }
            if (served is null)
                return null;
            var document = JsonSerializer.SerializeToUtf8Bytes(new
            {
                requestId = id,
                model = request.Model,
                workerId = answer.Offer.Route.Worker.Value,
                response = new { served.Content, served.FinishReason },
                served.Usage,
                latencyMs = (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds,
                attestation = new { verified = answer.Offer.Route.Attestation != "none", measurement = (string?)null },
            }, ApiJson.Options);
            if (!request.Stream)
                await Replay(document, stream: false, context);
            return document;
        }
        catch (BackendRefusedException refusal)
        {
            throw new ApiException(refusal.Status, "invalid_request", PoolAnswers.Reason(refusal.Document));
        }
    }

    private static async Task Replay(byte[] document, bool stream, HttpContext context)
    {
        if (stream)
        {
            await PoolAnswers.Replay(context, document);
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.BodyWriter.WriteAsync(document, context.RequestAborted);
    }
}
