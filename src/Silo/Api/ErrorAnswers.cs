using System.Text.Json;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Api;

/// <summary>Turns whatever goes wrong into an answer of the documented shape. Nothing internal leaves: what is unexpected is logged, not shown.</summary>
public sealed partial class ErrorAnswers(RequestDelegate next, TimeProvider time, ILogger<ErrorAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = context.Request.Headers["X-Request-ID"] is [{ Length: > 0 and <= 64 } given] && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? given
            : $"req_{Guid.CreateVersion7():n}";
        context.TraceIdentifier = requestId;
        context.Response.Headers["X-Request-ID"] = requestId;
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null } && !context.WebSockets.IsWebSocketRequest)
                await Write(context, Silent(context));
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            await Write(context, Answer(context, problem));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            LogHungUp(requestId);
        }
    }

    /// <summary>Words for a status that the framework set without any.</summary>
    private static ApiException Silent(HttpContext context) => context.Response.StatusCode switch
    {
        404 => new(404, "not_found", $"There is no {context.Request.Method} {context.Request.Path}; /openapi/v1.json lists what there is."),
        405 => new(405, "method_not_allowed", $"There is no {context.Request.Method} here, only {context.Response.Headers.Allow}; /openapi/v1.json lists what there is."),
        413 => BodyLimit.TooLarge(),
        415 => new(415, "invalid_request", "Send JSON, with the header 'Content-Type: application/json'."),
        var status => new(status, "invalid_request", "The request is malformed; /openapi/v1.json has the shapes."),
    };

    private ApiException Answer(HttpContext context, Exception problem)
    {
        switch (problem)
        {
            case ApiException known:
                return known;
            case BadHttpRequestException { StatusCode: 413 }:
                return BodyLimit.TooLarge();
            case BadHttpRequestException { InnerException: JsonException json }:
                return ApiException.Invalid($"The body does not fit: {JsonProblem(json)}");
            case BadHttpRequestException:
                return ApiException.Invalid("The request is malformed; /openapi/v1.json has the shapes.");
            case JsonException json:
                return ApiException.Invalid($"The body does not fit: {JsonProblem(json)}");
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                return new(499, "cancelled", "The client hung up.");
            case Grains.Ledger.LedgerBusyException:
                // The books take no more for the moment. What was asked is repeated with the same ids and counts once.
                LogFailed(context.TraceIdentifier, context.Request.Path, problem);
                return new(503, "service_unavailable", "The pool's books are busy; try again in a moment.") { RetryAfterSeconds = 2 };
            case TimeoutException:
                LogFailed(context.TraceIdentifier, context.Request.Path, problem);
                return new(504, "gateway_timeout", "The pool did not answer in time; try again.") { RetryAfterSeconds = 1 };
            case Npgsql.NpgsqlException:
                LogFailed(context.TraceIdentifier, context.Request.Path, problem);
                return new(503, "service_unavailable", "The pool cannot reach its database; try again in a moment.") { RetryAfterSeconds = 2 };
            case Grains.Settlement.ChainGatewayException:
                LogFailed(context.TraceIdentifier, context.Request.Path, problem);
                return new(503, "service_unavailable", "The pool cannot reach the chain now; try again in a moment.") { RetryAfterSeconds = 2 };
            case OrleansException:
                // A server of the pool went away or could not write; what had been asked may have happened, and may be asked again.
                LogFailed(context.TraceIdentifier, context.Request.Path, problem);
                return new(503, "service_unavailable", "A server of the pool went away; try again in a moment.") { RetryAfterSeconds = 1 };
            default:
                LogFailed(context.TraceIdentifier, context.Request.Path, problem);
                return new(500, "internal_error", "Something went wrong on our side; tell the operator the request id.");
        }
    }

    /// <summary>Where in the body it went wrong, without the names of our types.</summary>
    private static string JsonProblem(JsonException problem) =>
        problem.Path is { Length: > 0 } path ? $"look at {path} (unknown, missing or of another type)." : "it is no valid JSON.";

    private async Task Write(HttpContext context, ApiException error)
    {
        context.Response.StatusCode = error.Status;
        context.AuditRefusal(error.Code);
        if (error.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString();

        // Clients of OpenAI's libraries read OpenAI's error shape.
        object body = context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? new { error = new { message = error.Message, type = OpenAiType(error.Status), param = (string?)null, code = error.Code } }
            : new { error = new { code = error.Code, message = error.Message, details = new { }, request_id = context.TraceIdentifier, timestamp = time.GetUtcNow() } };
        await context.Response.WriteAsJsonAsync(body, ApiJson.Options);
    }

    private static string OpenAiType(int status) => status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    [LoggerMessage(1601, LogLevel.Error, "Request {RequestId} to {Path} failed")]
    private partial void LogFailed(string requestId, string path, Exception problem);

    [LoggerMessage(1602, LogLevel.Debug, "Request {RequestId}: the client hung up")]
    private partial void LogHungUp(string requestId);
}
