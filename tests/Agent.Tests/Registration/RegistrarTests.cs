using System.Collections.Immutable;
using System.Net;
using System.Text;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Client.Agent;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Client.Agent.Link;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Client.Agent.Registration;
using CocoonPool.Domain.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace CocoonPool.Agent.Tests.Registration;

public sealed class RegistrarTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly WorkerKey _key;
    private readonly List<string> _calls = [];
    private readonly List<string> _hosts = [];

    public RegistrarTests() => _key = WorkerKey.LoadOrCreate(_directory.Path);

    public void Dispose()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task EnsureActive_OfANewWorker_RegistersAttestsAndActivates()
    {
        await Run(
            (201, Worker("registered")),
            (200, Worker("attested")),
            (200, Worker("active")));

        _calls.ShouldBe(["POST /api/v1/workers/register", "POST /api/v1/workers/the-worker/attest", "POST /api/v1/workers/the-worker/activate"]);
    }

    [Fact]
    public async Task EnsureActive_OfAnActiveWorker_ChangesNothing()
    {
        await Run((200, Worker("active")));

        _calls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task EnsureActive_WithoutEnoughStake_TriesAgainUntilItIsThere()
    {
        await Run(
            (200, Worker("attested")),
            (409, """{"error":{"code":"stake_below_tier","message":"20 of 100 TON"}}"""),
            (200, Worker("attested")),
            (200, Worker("active")));

        _calls.Count.ShouldBe(4);
    }

    [Fact]
    public async Task EnsureActive_WhenThePoolIsAway_TriesAgain()
    {
        await Run((503, "<html>"), (200, Worker("active")));

        _calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task EnsureActive_WhenAServerCannotBeReached_AsksTheNextOne()
    {
        await Run((0, "connection refused"), (200, Worker("active")));

        _hosts.ShouldBe(["127.0.0.1:1", "127.0.0.1:2"]);
    }

    [Theory]
    [InlineData(409, """{"error":{"code":"conflict","message":"taken"}}""")]
    [InlineData(400, """{"error":{"code":"invalid_request","message":"coefficient"}}""")]
    [InlineData(200, """{"id":"the-worker","state":"quarantined","state_cause":"forged receipt"}""")]
    public async Task EnsureActive_OfSomethingOnlyPeopleCanMend_GivesUp(int status, string body) =>
        await Should.ThrowAsync<RegistrationRefusedException>(() => Run((status, body)));

    private static string Worker(string state) => $$"""{"id":"the-worker","state":"{{state}}","state_cause":"","models":[]}""";

    private async Task Run(params (int Status, string Body)[] answers)
    {
        using var client = new HttpClient(new Scripted(_calls, _hosts, new Queue<(int, string)>(answers)));
        var time = TimeProvider.System;
        var configuration = new AgentConfiguration(
            new WorkerSection([new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2")], default, new WorkerId("the-worker"), 1000, [0], "", null, _directory.Path),
            ImmutableArray<ModelSection>.Empty, new TeeSection(TeeKind.None, null), new CocoonSection(null), new MonitoringSection(0, null));
        var registrar = new Registrar(
            new PoolApi(client, new PoolAddresses(configuration.Worker.PoolUrls, () => 0), "ck_test"), configuration, new WorkerId("the-worker"), _key,
            new AgentStatus(time), new AgentTiming { ReconnectFirst = TimeSpan.FromMilliseconds(1) }, time, NullLogger<Registrar>.Instance);
        await registrar.EnsureActive(CancellationToken.None).Soon();
    }

    private sealed class Scripted(List<string> calls, List<string> hosts, Queue<(int Status, string Body)> answers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization!.ToString().ShouldBe("Bearer ck_test");
            hosts.Add(request.RequestUri!.Authority);
            calls.Add($"{request.Method} {request.RequestUri.AbsolutePath}");
            var (status, body) = answers.Dequeue();
            if (status == 0)
                throw new HttpRequestException(body);
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
