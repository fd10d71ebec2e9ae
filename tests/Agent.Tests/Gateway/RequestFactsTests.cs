using System.Text;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Routing;
using Microsoft.AspNetCore.Http;

namespace CocoonPool.Agent.Tests.Gateway;

/// <summary>What a request may cost is read from its body before anybody serves it. Read as somebody who wants to be served more than that.</summary>
public sealed class RequestFactsTests
{
    [Theory]
    [InlineData("""{"model":"cheap","model":"dear","messages":[{}]}""")]
    [InlineData("""{"model":"cheap","Model":"dear","messages":[{}]}""")]
    [InlineData("""{"model":"cheap","mod\u0065l":"dear","messages":[{}]}""")]
    [InlineData("""{"model":"m","stream":false,"stream":true,"messages":[{}]}""")]
    [InlineData("""{"model":"m","messages":[{}],"messages":[{},{}]}""")]
    [InlineData("""{"model":"m","max_tokens":1,"max_tokens":1000,"messages":[{}]}""")]
    [InlineData("""{"model":"m","max_tokens":1,"MAX_TOKENS":1000,"messages":[{}]}""")]
    [InlineData("""{"model":"m","n":1,"N":100,"messages":[{}]}""")]
    [InlineData("""{"model":"m","n":1001,"messages":[{}]}""")]
    public void Body_ThatABackEndMightReadOtherwise_IsRefused(string body) =>
        Should.Throw<ApiException>(() => Read("chat/completions", body)).Status.ShouldBe(400);

    [Theory]
    [InlineData("""{"model":"m","max_tokens":7,"messages":[{}]}""", 7)]
    [InlineData("""{"model":"m","max_completion_tokens":7,"messages":[{}]}""", 7)]
    [InlineData("""{"model":"m","max_tokens":1000,"max_completion_tokens":7,"messages":[{}]}""", 1000)]
    [InlineData("""{"model":"m","max_tokens":7,"n_predict":1000,"messages":[{}]}""", 1000)]
    [InlineData("""{"model":"m","max_tokens":7,"max_new_tokens":1000,"messages":[{}]}""", 1000)]
    [InlineData("""{"model":"m","max_tokens":null,"max_completion_tokens":7,"messages":[{}]}""", 7)]
    public void Limit_IsTheHighestThatAServerMightTake(string body, int most) => Read("chat/completions", body).MaxTokens.ShouldBe(most);

    [Theory]
    [InlineData("""{"model":"m","prompt":"one"}""", 1)]
    [InlineData("""{"model":"m","prompt":["one"]}""", 1)]
    [InlineData("""{"model":"m","prompt":["one","two","three"]}""", 3)]
    [InlineData("""{"model":"m","prompt":["one","two","three"],"n":2}""", 6)]
    [InlineData("""{"model":"m","n":2,"best_of":5,"prompt":["one","two"]}""", 10)]
    [InlineData("""{"model":"m","prompt":[1,2,3]}""", 1)]
    [InlineData("""{"model":"m","prompt":[[1,2,3],[4]]}""", 2)]
    public void Choices_AreCountedForEveryPrompt(string body, int choices) => Read("completions", body).Choices.ShouldBe(choices);

    [Fact]
    public void Choices_BeyondAThousandOverAllPrompts_AreRefused() => Should.Throw<ApiException>(() =>
        Read("completions", $$"""{"model":"m","n":11,"prompt":[{{string.Join(',', Enumerable.Repeat("\"x\"", 100))}}]}""")).Status.ShouldBe(400);

    private static BodyFacts Read(string route, string body) => InferenceRequest.Of(route, Encoding.UTF8.GetBytes(body), new HeaderDictionary()).Facts;
}
