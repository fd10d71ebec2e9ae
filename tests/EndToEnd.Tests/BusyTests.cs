using System.Net;
using System.Net.Http.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

public sealed class BusyTests(LivePool live)
{
    [Fact]
    public async Task Chat_WhenMoreRequestsComeThanThereAreSlots_WaitsAndServesThemAll()
    {
        // Two workers with four slots each.
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var response = await live.Send(HttpMethod.Post, "/v1/chat/completions",
                JsonContent.Create(new { model = LivePool.Model, messages = new[] { new { role = "user", content = $"Question {i}" } }, max_tokens = 8 }));
            return response.StatusCode;
        }));

        answers.ShouldAllBe(status => status == HttpStatusCode.OK);
    }
}
