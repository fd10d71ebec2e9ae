using System.Text;
using System.Text.Json;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Backends.Demo;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Agent.Tests.Backends;

public sealed class NgramModelTests
{
    [Theory]
    [InlineData("The sun rises, and the river's light is low.\n\nSo it goes.")]
    [InlineData("  two  spaces, ümläuts and 水")]
    [InlineData("")]
    public void Split_Joined_IsTheTextAgain(string text) => string.Concat(TextTokens.Split(text)).ShouldBe(text);

    [Fact]
    public void Continue_OfTheSamePrompt_IsTheSame_AndOfAnotherIsNot()
    {
        var first = string.Concat(AgentUnderTest.Model.Continue("Why is the river").Take(60));

        string.Concat(NgramModel.TrainOnEmbeddedText().Continue("Why is the river").Take(60)).ShouldBe(first);
        string.Concat(AgentUnderTest.Model.Continue("Why is the rivet").Take(60)).ShouldNotBe(first);
    }

    [Fact]
    public void Continue_GivesOnlyTokensOfItsText()
    {
        var model = new NgramModel("one two three two one.");

        model.Continue("two").Take(200).Distinct(StringComparer.Ordinal).ShouldBeSubsetOf(["one", " one", " two", " three", "."]);
    }

    [Fact]
    public async Task Backend_Streams_LabelledChunksUpToMaxTokens()
    {
        var events = await Run("chat/completions", stream: true, """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"Hello river"}]}""");

        var chunks = events.OfType<BackendChunk>().ToList();
        chunks.Sum(chunk => chunk.Tokens).ShouldBe(5);
        foreach (var chunk in chunks)
        {
            using var document = JsonDocument.Parse(chunk.Data);
            document.RootElement.GetProperty("system_fingerprint").GetString().ShouldBe("demo-ngram");
            document.RootElement.GetProperty("object").GetString().ShouldBe("chat.completion.chunk");
        }
        Encoding.UTF8.GetString(chunks[^1].Data).ShouldContain("\"finish_reason\":\"length\"");
        events[^1].ShouldBe(BackendEnd.Success(new TokenCounts(2, 0, 5, 0)));
    }

    [Fact]
    public async Task Backend_WhenTheClientAskedForUsage_SendsAUsageChunkLast()
    {
        var events = await Run("completions", stream: true, """{"model":"m","max_tokens":3,"prompt":"The sun","stream_options":{"include_usage":true}}""");

        using var usage = JsonDocument.Parse(((BackendChunk)events[^2]).Data);
        usage.RootElement.GetProperty("choices").GetArrayLength().ShouldBe(0);
        usage.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Backend_WithoutMaxTokens_GivesAtMostFortyEight()
    {
        var events = await Run("chat/completions", stream: false, """{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""");

        ((BackendEnd)events[^1]).Usage!.Value.Completion.ShouldBeInRange(16, 48);
    }

    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":[{"role":"user"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"max_tokens":0}""")]
    [InlineData("""[1]""")]
    [InlineData("""{""")]
    public async Task Backend_OfAWrongRequest_IsTheClientsMistake(string body)
    {
        var end = (await Run("chat/completions", stream: true, body)).ShouldHaveSingleItem().ShouldBeOfType<BackendEnd>();

        end.Status.ShouldBe(400);
        JsonDocument.Parse(end.Body!).RootElement.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    private static async Task<List<BackendEvent>> Run(string route, bool stream, string body)
    {
        var backend = new DemoBackend(AgentUnderTest.Model, new DemoOptions(TimeSpan.Zero), TimeProvider.System);
        var events = new List<BackendEvent>();
        await foreach (var item in backend.Run(new BackendRequest("t", route, stream, Encoding.UTF8.GetBytes(body)), CancellationToken.None))
            events.Add(item);
        return events;
    }
}
