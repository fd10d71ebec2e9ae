using System.Net;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Access;

/// <summary>A method that an address does not have: the answer says which it has, and is not a door that was forgotten.</summary>
public sealed class MethodTests(PoolUnderAttack pool)
{
    private static readonly string Nobody = $"0:{new string('7', 64)}";

    [Fact]
    public async Task MethodThatThereIsNot_Is405_WithTheMethodsOfTheTableAndNoMore()
    {
        using var stranger = pool.NewCaller();
        var doors = Door.Of(pool, Nobody);
        foreach (var address in doors.GroupBy(d => d.Path, StringComparer.Ordinal))
        {
            // The page of the metrics is on a listener of its own, and here is no such path.
            if (address.Key == "/metrics")
                continue;
            using var request = new HttpRequestMessage(HttpMethod.Put, address.Key) { Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json") };
            using var answer = await stranger.SendAsync(request, TestContext.Current.CancellationToken);

            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed, address.Key);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            body.ShouldContain("method_not_allowed");
            // A path may fit two patterns, as …/workers/register fits …/workers/{id}.
            var there = doors.Where(d => d.Fits(address.Key)).Select(d => d.Method).Distinct(StringComparer.Ordinal);
            answer.Content.Headers.Allow.Order(StringComparer.Ordinal).ShouldBe(there.Order(StringComparer.Ordinal), address.Key);
        }
    }

    [Fact]
    public async Task MethodThatThereIsNot_LeavesNoAuditLine()
    {
        using var stranger = pool.NewCaller();
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/workers");

        using var answer = await stranger.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await pool.LinesOf(answer)).ShouldBe(0);
    }
}
