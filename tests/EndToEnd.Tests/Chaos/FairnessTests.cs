using System.Net;
using CocoonPool.EndToEnd.Tests.Fixtures;
using CocoonPool.EndToEnd.Tests.Gateway;

namespace CocoonPool.EndToEnd.Tests.Chaos;

[Collection(nameof(ChaosTests))]
public sealed class FairnessTests(LivePool live, ChaosFleet fleet)
{
    /// <summary>Workers of 2, 4 and 16 slots, one request at a time and half full: what they were given by their size is even, as the pool itself measures it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    public async Task Load_OfASkewedFleet_IsEvenByWeight(int atOnce)
    {
        var each = 300 / atOnce;

        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            for (var i = 0; i < each; i++)
            {
                using var response = await live.Send(HttpMethod.Post, "/v1/chat/completions", PassThroughTests.Question("skewed"));
                response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
            }
        }));

        (await fleet.Offers("skewed")).Count.ShouldBe(3);
        (await fleet.Metric("routing_gini{model=\"skewed\"}")).ShouldBeInRange(0.000_001, 0.2);
    }
}
