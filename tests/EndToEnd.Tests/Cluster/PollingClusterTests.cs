using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Cluster;

/// <summary>A worker that polls a cluster of two real silos, at whichever one it comes to.</summary>
public sealed class PollingClusterTests(LivePool live, ITestOutputHelper output) : IDisposable
{
    private const string Model = "polled";

    /// <summary>Unlike the launcher's client, it asks the silo that is named and no other.</summary>
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    private CancellationToken Cancel { get; } = TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Worker_PollsEitherSilo_AsIfThereWereOne()
    {
        var orleans = live.Checkout.ForOrleans();
        Assert.SkipWhen(orleans is null, ClusterUnderTest.NotBuilt);
        await using var cluster = await ClusterUnderTest.Start(orleans, false, Cancel, agents: 0);
        var (owner, worker) = await Join(cluster);
        var silos = cluster.Pool.SiloUrls;

        foreach (var asked in silos)
        {
            foreach (var (fetched, other) in ((string, string)[])[(silos[0], silos[1]), (silos[1], silos[0])])
            {
                var asking = Ask(cluster, asked);
                var task = await worker.Task(fetched);
                var started = TimeProvider.System.GetUtcNow();
                (await worker.Beat(other)).ShouldBe(HttpStatusCode.OK);
                (await worker.Poll(other, 0)).Body.GetProperty("task").ValueKind.ShouldBe(JsonValueKind.Null, "the task is the worker's, at whichever silo");
                var submitted = await worker.Submit(other, task, "Polled!");
                var again = await worker.Submit(fetched, task, "Twice!");
                using var answer = await asking;

                submitted.Status.ShouldBe(HttpStatusCode.OK, submitted.Body.ToString());
                again.Status.ShouldBe(HttpStatusCode.Conflict);
                (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel)).ShouldSatisfyAllConditions(
                    a => a.StatusCode.ShouldBe(HttpStatusCode.OK, a.Item2), a => a.Item2.ShouldContain("Polled!"));
                var ended = TimeProvider.System.GetUtcNow();
                foreach (var silo in silos)
                    (await worker.Record(silo, task, started, ended)).Status.ShouldBe(HttpStatusCode.Created, "a receipt may be sent again");
            }
        }

        await owner.HasCounted(cluster.Operator, cluster.Waiting, 4);
        await AssertCapturedRequestIsRefusedEverywhere(worker, silos);
        foreach (var silo in silos)
            output.WriteLine($"a poll at {(silo == silos[0] ? "the session's silo" : "the other silo")}: {(await PollTime(worker, silo)).TotalMilliseconds:0.00} ms (median of 200)");
    }

    [Theory]
    [InlineData(ProcessSignal.Kill)]
    [InlineData(ProcessSignal.Terminate)]
    public async Task Session_WhoseSiloGoesAway_IsOpenedAnewAtTheNextPoll_AndNoRequestStaysUnanswered(int signal)
    {
        var orleans = live.Checkout.ForOrleans();
        Assert.SkipWhen(orleans is null, ClusterUnderTest.NotBuilt);
        await using var cluster = await ClusterUnderTest.Start(orleans, false, Cancel, agents: 0);
        var (owner, worker) = await Join(cluster);
        var (lost, survivor) = (cluster.Pool.Silos[0], cluster.Pool.SiloUrls[1]);
        var asking = Ask(cluster, survivor);
        var fetched = await worker.Task(survivor);
        var held = worker.Poll(survivor, 20_000);

        var gone = Stopwatch.GetTimestamp();
        cluster.Signal(signal, lost);
        using var unanswered = await asking.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        var answeredAfter = Stopwatch.GetElapsedTime(gone);
        await held.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await cluster.Waiting.Until("a new session", TimeSpan.FromSeconds(30), async () => (await worker.Poll(survivor, 0)).Status == HttpStatusCode.OK, Cancel);
        output.WriteLine($"the client was told after {answeredAfter.TotalSeconds:0.0} s ({unanswered.StatusCode}), the worker had a session after {Stopwatch.GetElapsedTime(gone).TotalSeconds:0.0} s");

        ((int)unanswered.StatusCode).ShouldBeGreaterThanOrEqualTo(500, "no other worker has this model");
        var late = await worker.Submit(survivor, fetched, "Too late!");
        late.Status.ShouldBe(HttpStatusCode.Conflict);
        late.Body.GetProperty("error").GetProperty("code").GetString().ShouldBe("task_not_assigned");
        await cluster.Waiting.Until("the worker to be connected", TimeSpan.FromSeconds(30), async () =>
            (await worker.Beat(survivor)) == HttpStatusCode.OK && (await cluster.Operator.Workers(Cancel)).Any(w => w.Id == worker.Id && w is { State: "active", Connected: true }), Cancel);
        var (task, answer) = await Served(cluster, worker, survivor);
        answer.ShouldContain("Polled again!");
        var now = TimeProvider.System.GetUtcNow();
        (await worker.Record(survivor, task, now, now)).Status.ShouldBe(HttpStatusCode.Created);
        await owner.HasCounted(cluster.Operator, cluster.Waiting, 1);
    }

    /// <summary>A participant with a polling worker whose session is on the first silo, and both silos know its model.</summary>
    private async Task<(Newcomer Owner, PollingWorker Worker)> Join(ClusterUnderTest cluster)
    {
        var owner = await Newcomer.Join(cluster.Pool, cluster.Operator, cluster.Chain, cluster.Wallets, cluster.Waiting, "poller");
        var worker = new PollingWorker(_http, owner, "polling-worker", Model);
        await worker.Register(cluster.Pool.SiloUrls[1]);
        (await worker.Poll(cluster.Pool.SiloUrls[0], 0)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var silo in cluster.Pool.SiloUrls)
        {
            await cluster.Waiting.Until("the model", TimeSpan.FromSeconds(20), async () =>
            {
                using var models = await Send(cluster, HttpMethod.Get, $"{silo}/v1/models", null);
                return (await models.Content.ReadAsStringAsync(Cancel)).Contains($"\"{Model}\"", StringComparison.Ordinal);
            }, Cancel);
        }
        return (owner, worker);
    }

    private static async Task AssertCapturedRequestIsRefusedEverywhere(PollingWorker worker, IReadOnlyList<string> silos)
    {
        foreach (var (sent, other) in ((string, string)[])[(silos[0], silos[1]), (silos[1], silos[0])])
        {
            var body = JsonSerializer.Serialize(new { worker_id = worker.Id });
            var signature = worker.Signature(PollingWorker.Fetch, body);

            (await worker.Send(sent, PollingWorker.Fetch, body, signature)).Status.ShouldBe(HttpStatusCode.OK);
            (await worker.Send(other, PollingWorker.Fetch, body, signature)).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await worker.Send(sent, PollingWorker.Fetch, body, signature)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    /// <summary>The routing table of a survivor may lag: until the worker is asked, the client asks again.</summary>
    private async Task<(JsonElement Task, string Answer)> Served(ClusterUnderTest cluster, PollingWorker worker, string silo)
    {
        (JsonElement Task, string Answer) served = default;
        await cluster.Waiting.Until("the worker to be asked", TimeSpan.FromSeconds(30), async () =>
        {
            var asking = Ask(cluster, silo);
            var (status, body) = await worker.Poll(silo, 2_000);
            if (status == HttpStatusCode.OK && body.GetProperty("task") is { ValueKind: JsonValueKind.Object } task)
            {
                (await worker.Submit(silo, task, "Polled again!")).Status.ShouldBe(HttpStatusCode.OK);
                served.Task = task;
            }
            using var answer = await asking;
            served.Answer = await answer.Content.ReadAsStringAsync(Cancel);
            return answer.StatusCode == HttpStatusCode.OK;
        }, Cancel);
        return served;
    }

    private static async Task<TimeSpan> PollTime(PollingWorker worker, string silo)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            (await worker.Poll(silo, 0)).Status.ShouldBe(HttpStatusCode.OK);
            times.Add(Stopwatch.GetElapsedTime(start));
        }
        return times.Order().ElementAt(times.Count / 2);
    }

    private Task<HttpResponseMessage> Ask(ClusterUnderTest cluster, string silo) => Send(
        cluster, HttpMethod.Post, $"{silo}/v1/chat/completions",
        JsonContent.Create(new { model = Model, max_tokens = 12, messages = new[] { new { role = "user", content = "Tell me of the sea." } } }));

    private async Task<HttpResponseMessage> Send(ClusterUnderTest cluster, HttpMethod method, string url, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body };
        request.Headers.Authorization = new("Bearer", cluster.ClientKey);
        return await _http.SendAsync(request, Cancel);
    }
}
