using System.Net;
using CocoonPool.EndToEnd.Tests.Fixtures;
using CocoonPool.EndToEnd.Tests.Gateway;

namespace CocoonPool.EndToEnd.Tests.Chaos;

[Collection(nameof(ChaosTests))]
public sealed class BreakerTests(LivePool live, ChaosFleet fleet)
{
    private const string OpenBreakers = "routing_open_breakers{model=\"fragile\"}";

    [Fact]
    public async Task Breaker_OpensAfterFiveFailures_KeepsRequestsAway_AndClosesWithTheFirstSuccess()
    {
        // From a closed breaker without a past: a success closes one, and twenty are all that it remembers.
        fleet.Backend.IsWell = true;
        await live.Waiting.Until("a closed breaker", TimeSpan.FromSeconds(90), async () => await Ask(waits: true) == HttpStatusCode.OK, CancellationToken.None);
        for (var i = 0; i < 20; i++)
            (await Ask(waits: true)).ShouldBe(HttpStatusCode.OK);
        (await fleet.Metric(OpenBreakers)).ShouldBe(0);
        fleet.Backend.IsWell = false;
        var before = fleet.Backend.FragileRequests;

        for (var i = 0; i < 5; i++)
            (await Ask(waits: true)).ShouldBe(HttpStatusCode.BadGateway);
        (await fleet.Metric(OpenBreakers)).ShouldBe(1);
        (await Ask(waits: false)).ShouldBe(HttpStatusCode.TooManyRequests, "its only worker is out for at least a second, and the request does not want to wait");
        (fleet.Backend.FragileRequests - before).ShouldBe(5, "what the breaker keeps away costs the back end nothing");

        // One that waits is the one that tries; it fails, and the pause is twice as long.
        (await Ask(waits: true)).ShouldBe(HttpStatusCode.BadGateway);
        (await fleet.Metric(OpenBreakers)).ShouldBe(1);
        fleet.Backend.IsWell = true;
        (await Ask(waits: true)).ShouldBe(HttpStatusCode.OK);
        (await fleet.Metric(OpenBreakers)).ShouldBe(0);
        (await Ask(waits: false)).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpStatusCode> Ask(bool waits)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, live.Pool.SiloUrl + "/v1/chat/completions") { Content = PassThroughTests.Question("fragile") };
        request.Headers.Authorization = new("Bearer", live.ClientKey);
        if (!waits)
            request.Headers.Add("X-Max-Wait-Ms", "0");
        using var response = await live.Http.SendAsync(request);
        return response.StatusCode;
    }
}
