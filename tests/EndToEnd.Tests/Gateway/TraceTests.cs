using System.Net;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Gateway;

/// <summary>"Where did the time go" is answered by one trace, from the client's own span to the inference server.</summary>
public sealed class TraceTests(LivePool live)
{
    private const string ClientSpan = "00f067aa0ba902b7";

    private static readonly string[] Stages =
        ["inference.request", "inference.metering", "inference.admission", "inference.attempt", "inference.answer", "agent.task", "agent.backend"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_IsOneTraceOverSiloAgentAndBackEnd(bool stream)
    {
        var fleet = await live.Fleet();
        var trace = $"{Guid.NewGuid():n}";

        await Ask(trace, "good", stream);

        await live.Waiting.Until("the spans", TimeSpan.FromSeconds(30), () => Task.FromResult(
            Stages.All(stage => live.Traces.Of(trace).Any(s => s.Name == stage)) && live.Traces.Of(trace).Any(s => s.Parent == ClientSpan)), CancellationToken.None);
        var spans = live.Traces.Of(trace);
        var whole = spans.Single(s => s.Parent == ClientSpan);
        var request = spans.Single(s => s.Name == "inference.request");
        request.Parent.ShouldBe(whole.Id);
        foreach (var stage in Stages[1..5])
            spans.Single(s => s.Name == stage).Parent.ShouldBe(request.Id, stage);
        var (attempt, task, call) = (spans.Single(s => s.Name == "inference.attempt"), spans.Single(s => s.Name == "agent.task"), spans.Single(s => s.Name == "agent.backend"));
        (task.Parent, call.Parent).ShouldBe((attempt.Id, task.Id));
        fleet.Backend.Traces.ShouldContain($"00-{trace}-{call.Id}-01");
        // All processes run on one machine here, by one clock: each stage lies within the one that it is part of.
        foreach (var (inner, outer) in ((Span, Span)[])[(request, whole), (attempt, request), (task, attempt), (call, task)])
            (inner.Start >= outer.Start && inner.Start <= outer.End).ShouldBeTrue($"{inner} in {outer}");
    }

    [Fact]
    public async Task Retry_IsASecondAttemptBesideTheFirst()
    {
        await live.Fleet();
        var traces = Enumerable.Range(0, 8).Select(_ => $"{Guid.NewGuid():n}").ToArray();
        foreach (var trace in traces)
            await Ask(trace, "garbage-or-good", stream: true);

        await live.Waiting.Until("a request with two attempts", TimeSpan.FromSeconds(30), () => Task.FromResult(
            traces.Any(t => Attempts(t).Count >= 2)), CancellationToken.None);

        Attempts(traces.First(t => Attempts(t).Count >= 2)).Select(a => a.Parent).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Trace_ThatIsNoW3CTraceContext_ReachesNobody()
    {
        var fleet = await live.Fleet();
        var mark = $"not-a-trace-{Guid.NewGuid():n}";

        using var request = Request("good", stream: false, mark);
        using var response = await live.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        fleet.Backend.Traces.ShouldNotContain(t => t.Contains(mark, StringComparison.Ordinal));
    }

    private List<Span> Attempts(string trace) => [.. live.Traces.Of(trace).Where(s => s.Name == "inference.attempt")];

    private async Task Ask(string trace, string model, bool stream)
    {
        using var request = Request(model, stream, $"00-{trace}-{ClientSpan}-00");
        using var response = await live.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }

    private HttpRequestMessage Request(string model, bool stream, string traceparent)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, live.Pool.SiloUrl + "/v1/chat/completions") { Content = PassThroughTests.Question(model, stream) };
        request.Headers.Authorization = new("Bearer", live.ClientKey);
        request.Headers.Add("traceparent", traceparent);
        return request;
    }
}
