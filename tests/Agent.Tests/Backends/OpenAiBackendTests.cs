using System.Text;
using System.Text.Json;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Backends.OpenAi;
using Microsoft.AspNetCore.Http;

namespace CocoonPool.Agent.Tests.Backends;

/// <summary>Against a real HTTP server.</summary>
public sealed class OpenAiBackendTests
{
    private const string Request = """{"model":"pool-name","stream_options":{"chunk_size":1},"messages":[]}""";

    [Fact]
    public async Task Run_Streaming_AsksForUsageUnderTheBackEndsModelName()
    {
        JsonElement seen = default;
        await using var server = await FakeOpenAi.Start(async context =>
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body);
            seen = document.RootElement.Clone();
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"model\":\"org/served\",\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        });

        var events = await Run(server, stream: true);

        seen.GetProperty("model").GetString().ShouldBe("org/served");
        seen.GetProperty("stream_options").GetProperty("include_usage").GetBoolean().ShouldBeTrue();
        seen.GetProperty("stream_options").GetProperty("chunk_size").GetInt32().ShouldBe(1);
        Encoding.UTF8.GetString(((BackendChunk)events[0]).Data).ShouldContain("\"model\":\"pool-name\"");
        ((BackendEnd)events[^1]).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Run_NotStreaming_PassesTheAnswerOnWithItsUsage()
    {
        await using var server = await FakeOpenAi.Start(context =>
            context.Response.WriteAsync("""{"model":"org/served","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2}}"""));

        var events = await Run(server, stream: false);

        Encoding.UTF8.GetString(((BackendAnswer)events[0]).Body).ShouldContain("pool-name");
        ((BackendEnd)events[1]).Usage!.Value.Completion.ShouldBe(2);
    }

    [Fact]
    public async Task Run_OfATrace_TellsTheBackEnd_AndOtherwiseSaysNothingOfTraces()
    {
        var seen = new List<string>();
        await using var server = await FakeOpenAi.Start(context =>
        {
            seen.Add($"{context.Request.Headers["traceparent"]}");
            return context.Response.WriteAsync("""{"choices":[]}""");
        });
        const string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        await Run(server, stream: false, trace);
        await Run(server, stream: false);

        seen.ShouldBe([trace, ""]);
    }

    [Theory]
    [InlineData(400, 400)]
    [InlineData(413, 413)]
    [InlineData(422, 422)]
    [InlineData(429, 429)]
    [InlineData(503, 503)]
    [InlineData(401, 502)]
    [InlineData(404, 502)]
    [InlineData(500, 502)]
    [InlineData(302, 502)]
    public async Task Run_MapsTheStatus(int answered, int reported)
    {
        await using var server = await FakeOpenAi.Start(context =>
        {
            context.Response.StatusCode = answered;
            return context.Response.WriteAsync("""{"error":{"message":"no"}}""");
        });

        var end = (await Run(server, stream: true)).ShouldHaveSingleItem().ShouldBeOfType<BackendEnd>();

        end.Status.ShouldBe(reported);
        (end.Body is not null).ShouldBe(reported is 400 or 413 or 422);
    }

    [Fact]
    public async Task Run_WhenNobodyListens_IsTheWorkersFault()
    {
        var server = await FakeOpenAi.Start(_ => Task.CompletedTask);
        await server.DisposeAsync();

        var end = (await Run(server, stream: true)).ShouldHaveSingleItem().ShouldBeOfType<BackendEnd>();

        end.Code.ShouldBe("backend_unreachable");
    }

    [Fact]
    public async Task Run_WhenCancelled_ClosesTheRequestAtTheServer()
    {
        var closed = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        await using var server = await FakeOpenAi.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n");
            await context.Response.Body.FlushAsync();
            context.RequestAborted.Register(closed.SetResult);
            await closed.Task;
        });

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Backend(server).Run(ARequest(stream: true), cancel.Token))
                await cancel.CancelAsync();
        });

        await closed.Task.Soon();
    }

    [Fact]
    public async Task Run_WhenTheServerBreaksOff_IsTheWorkersFault()
    {
        await using var server = await FakeOpenAi.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        ((BackendEnd)(await Run(server, stream: true))[^1]).Status.ShouldBe(502);
    }

    [Fact]
    public async Task Probe_FindsTheModelOrNamesTheOthers()
    {
        await using var server = await FakeOpenAi.Start(_ => Task.CompletedTask);
        using var client = OpenAiBackend.NewClient();

        (await new OpenAiBackend(client, server.Url, "pool-name", "org/served").Probe(CancellationToken.None)).Problem.ShouldBeNull();
        (await new OpenAiBackend(client, server.Url, "org/missing", null).Probe(CancellationToken.None)).Problem!.ShouldContain("org/served");
    }

    private static OpenAiBackend Backend(FakeOpenAi server) => new(OpenAiBackend.NewClient(), new Uri(server.Url, "v1"), "pool-name", "org/served");

    private static BackendRequest ARequest(bool stream) => new("t", "chat/completions", stream, Encoding.UTF8.GetBytes(Request));

    private static async Task<List<BackendEvent>> Run(FakeOpenAi server, bool stream, string? traceparent = null)
    {
        var events = new List<BackendEvent>();
        await foreach (var item in Backend(server).Run(ARequest(stream) with { Traceparent = traceparent }, CancellationToken.None))
            events.Add(item);
        return events;
    }
}
