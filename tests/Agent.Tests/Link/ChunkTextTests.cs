using System.Text;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Agent.Tests.Link;

public sealed class ChunkTextTests
{
    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":"x"}}]}""", 1)]
    [InlineData("""{"id":"a","usage":{"completion_tokens":9},"choices":[{"delta":{"content":""}}]}""", 0)]
    [InlineData("""{"choices":[{"delta":{"content":null,"reasoning_content":"hm"}}]}""", 1)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{"}}]}}]}""", 1)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[]}}]}""", 0)]
    [InlineData("""{"choices":[{"text":" word","finish_reason":null},{"text":""},{"text":"y"}]}""", 2)]
    [InlineData("""{"choices":[]}""", 0)]
    [InlineData("""{"choices":{"delta":{"content":"x"}}}""", 0)]
    [InlineData("""{"choices":[{"delta":{"content":"x" """, 0)]
    [InlineData("", 0)]
    [InlineData("""[{"choices":[{"text":"x"}]}]""", 0)]
    public void Count_CountsTheChoicesWithText(string chunk, int pieces) => ChunkText.Count(Encoding.UTF8.GetBytes(chunk)).ShouldBe(pieces);

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"completion_tokens"}}],"usage":{"prompt_tokens":3,"completion_tokens":7}}""", 7)]
    [InlineData("""{"usage":{"completion_tokens":-7}}""", 0)]
    [InlineData("""{"usage":{"completion_tokens":"7"}}""", 0)]
    [InlineData("""{"usage":null}""", 0)]
    public void CompletionTokensOf_ReadsWhatTheClientIsTold(string body, int tokens) =>
        ChunkText.CompletionTokensOf(Encoding.UTF8.GetBytes(body)).ShouldBe(tokens);
}
