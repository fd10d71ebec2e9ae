using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Workers.Polling;

/// <summary>
/// Workers that cannot hold a stream: they fetch tasks, hand them in, and report, each request signed with the worker's key. Any silo
/// takes any of these requests and passes it on to where the worker's session is.
/// </summary>
public static class PollingEndpoints
{
    /// <summary>The longest that a request for a task is held open.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);
    private const int LongestBody = 1 << 20;

    public sealed record TaskRequest(string WorkerId, int? WaitMs);

    /// <param name="Body">The whole answer of a task that does not stream, or the back end's error document.</param>
    /// <param name="Chunks">The OpenAI chunks of a streamed one, in order.</param>
    /// <param name="Status">200, or what describes the failure, as in a <c>failed</c> frame.</param>
    public sealed record TaskResult(int Status, JsonElement? Body, JsonElement[]? Chunks, UsagePart? Usage, string? Code, string? Message);

    public sealed record TaskSubmission(string WorkerId, string TaskId, TaskResult Result);

    public sealed record HeartbeatMetrics(double? CurrentLoad, int? QueueLength, double? GpuUtilization);

    public sealed record HeartbeatBody(string WorkerId, string ParticipantAddress, string Status, HeartbeatMetrics? Metrics, DateTimeOffset Timestamp);

    /// <param name="Canonical">The receipt's canonical bytes.</param>
    /// <param name="Signature">Over the root of a batch of this one receipt.</param>
    public sealed record ReceiptBody(string WorkerId, byte[] Canonical, string Ticket, byte[] Signature);

    public static void MapPolling(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/api/v1/tasks/request", Fetch, "A task for a worker that polls, or null.").Limited(RateClass.Queries);
        Map(routes, "/api/v1/tasks/submit", Submit, "The answer to a task that was fetched.").Limited(RateClass.Queries);
        Map(routes, "/api/v1/contributions/heartbeat", Beat, "A polling worker is there.").Limited(RateClass.Heartbeats);
        Map(routes, "/api/v1/contributions/task", Record, "The signed receipt of one task.").Limited(RateClass.Queries);
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string path, Delegate handler, string summary) => routes.MapPost(path, handler)
        .Requires(Permission.WorkerLink).NotAudited("tasks, receipts and uptime are kept themselves, and there are many a second; who is turned away is written down").WithSummary(summary);

    private static async Task<IResult> Fetch(HttpContext context, IServiceProvider services)
    {
        var (worker, body) = await Proven<TaskRequest>(context, services, b => b.WorkerId);
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(body.WaitMs ?? 0, 0, LongestWait.TotalMilliseconds));
        var fetched = (await worker.Polling.Fetch(wait, context.RequestAborted)).OrTurnAway();
        return Results.Json(new { task = fetched.Assignment is { } task ? View(task) : null }, ApiJson.Options);
    }

    private static async Task<IResult> Submit(HttpContext context, IServiceProvider services)
    {
        var (worker, body) = await Proven<TaskSubmission>(context, services, b => b.WorkerId);
        if (body is { TaskId: null } or { Result: null })
            throw ApiException.Invalid("task_id and result are needed, as docs/worker-protocol.md shows them.");
        (await worker.Polling.Submit(Result(body.TaskId, body.Result), context.RequestAborted)).OrTurnAway();
        return Results.Json(new { accepted = true }, ApiJson.Options);
    }

    private static async Task<IResult> Beat(HttpContext context, IServiceProvider services)
    {
        var (worker, body) = await Proven<HeartbeatBody>(context, services, b => b.WorkerId);
        services.GetRequiredService<RateLimits>().Demand(context, RateClass.Heartbeats, $"worker:{worker.Id}");
        var utilization = body.Metrics?.GpuUtilization is { } share && double.IsFinite(share) ? (int)Math.Clamp(share, 0, 100) : 0;
        var next = (await worker.Polling.Beat(Math.Max(0, body.Metrics?.QueueLength ?? 0), utilization, context.RequestAborted)).OrTurnAway();
        return Results.Json(new { acknowledged = true, next_heartbeat_sec = next.Delay.TotalSeconds }, ApiJson.Options);
    }

    private static async Task<IResult> Record(HttpContext context, IServiceProvider services)
    {
        var (worker, body) = await Proven<ReceiptBody>(context, services, b => b.WorkerId);
        if (body is { Canonical: null } or { Ticket: null } or { Signature: null })
            throw ApiException.Invalid("canonical, ticket and signature are needed, as docs/worker-protocol.md shows them.");
        var root = MerkleTree.Root([MerkleTree.LeafHash(body.Canonical)]);
        var answer = await worker.Worker.SubmitReceipts(new(root, body.Signature, [new(body.Canonical, body.Ticket)]));
        return answer switch
        {
            { Acknowledged: [var task] } => Results.Json(new { contribution_id = task, recorded = true }, ApiJson.Options, statusCode: 201),
            { Refused: [var refused] } => throw new ApiException(422, refused.Code, refused.Message),
            _ => throw new ApiException(503, "service_unavailable", "The receipt could not be recorded now; send it again.") { RetryAfterSeconds = 2 },
        };
    }

    /// <summary>Reads the body once, as the bytes that were signed.</summary>
    private static async Task<(PollingWorker Worker, T Body)> Proven<T>(HttpContext context, IServiceProvider services, Func<T, string> worker)
        where T : class
    {
        // Whoever signs nothing is nobody, whatever the body says.
        if (context.Request.Headers[PollProof.Header].Count == 0)
            throw PollAdmission.NotSigned();
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        if (bytes.Length > LongestBody)
            throw new ApiException(413, "too_large", $"A request has at most {LongestBody} bytes.");
        T? body;
        try
        {
            body = JsonSerializer.Deserialize<T>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), ApiJson.Options);
        }
        catch (JsonException)
        {
            body = null;
        }
        if (body is null)
            throw ApiException.Invalid("The body is not the JSON that this address takes; /openapi/v1.json and docs/worker-protocol.md show it.");
        var id = Names.Worker(worker(body));
        return (await services.GetRequiredService<PollAdmission>().Prove(context, id, bytes.GetBuffer().AsMemory(0, (int)bytes.Length)), body);
    }

    private static PolledResult Result(string task, TaskResult result) => new(
        task,
        result.Status,
        Array.ConvertAll(result.Chunks ?? [], Utf8),
        result.Body is { } body ? Utf8(body) : null,
        result.Usage is { } usage ? new(usage.Prompt, usage.Cached, usage.Completion, usage.Reasoning) : null,
        result.Code,
        result.Message);

    private static byte[] Utf8(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());

    private static object View(PolledAssignment task)
    {
        using var body = JsonDocument.Parse(task.Body);
        return new { task_id = task.Task, task.Ticket, task.Route, task.Model, task.Stream, body = body.RootElement.Clone() };
    }
}
