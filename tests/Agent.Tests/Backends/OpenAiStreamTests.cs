using System.Text;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Backends.OpenAi;
using CocoonPool.Domain.Contributions;

namespace CocoonPool.Agent.Tests.Backends;

public sealed class OpenAiStreamTests
{
    private const string Piece = """{"model":"there","choices":[{"delta":{"content":"Flüsse 水 🦋"},"finish_reason":null}]}""";
    private const string Last = """{"model":"there","choices":[{"delta":{},"finish_reason":"stop"}]}""";
    private const string Usage = """{"model":"there","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}}}""";

    [Theory]
    [InlineData("\n", 1)]
    [InlineData("\r\n", 1)]
    [InlineData("\n", 3)]
    [InlineData("\n", 4096)]
    public async Task Read_HoweverTheBytesAreCut_YieldsWholeChunks(string lineEnd, int bytesAtOnce)
    {
        var events = await Read(Events(lineEnd, Piece, Last, "[DONE]"), bytesAtOnce);

        Encoding.UTF8.GetString(((BackendChunk)events[0]).Data).ShouldBe(Piece);
        events.OfType<BackendChunk>().Select(chunk => chunk.Tokens).ShouldBe([1, 0]);
        events[^1].ShouldBe(BackendEnd.Success(null));
    }

    [Fact]
    public async Task Read_MetersTheUsageChunk_AndWithholdsItFromAClientThatDidNotAsk()
    {
        var events = await Read(Events("\n", Piece, Usage, "[DONE]"));

        events.OfType<BackendChunk>().Count().ShouldBe(1);
        events[^1].ShouldBe(BackendEnd.Success(new TokenCounts(7, 2, 3, 0)));
        (await Read(Events("\n", Piece, Usage, "[DONE]"), passUsage: true)).OfType<BackendChunk>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Read_GivesTheModelItsPoolName()
    {
        var events = await Read(Events("\n", Piece, "[DONE]"), renameTo: "pool \"name\"");

        Encoding.UTF8.GetString(((BackendChunk)events[0]).Data).ShouldBe(Piece.Replace("\"there\"", "\"pool \\\"name\\\"\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_WithoutDoneButWithAFinishReason_IsASuccess() =>
        (await Read(Events("\n", Piece, Last)))[^1].ShouldBe(BackendEnd.Success(null));

    [Theory]
    [InlineData("backend_truncated", Piece)]
    [InlineData("backend_garbage", Piece, "{\"choices\":")]
    [InlineData("backend_garbage", "<html>")]
    [InlineData("backend_garbage", "[]")]
    [InlineData("backend_error", Piece, """{"error":{"message":"out of memory"}}""")]
    public async Task Read_OfABrokenStream_IsTheWorkersFault(string code, params string[] documents)
    {
        var end = (await Read(Events("\n", documents)))[^1].ShouldBeOfType<BackendEnd>();

        end.Status.ShouldBe(502);
        end.Code.ShouldBe(code);
    }

    [Fact]
    public async Task Read_OfInvalidUtf8_IsTheWorkersFault()
    {
        byte[] bytes = [.. "data: {\"choices\":[],\"x\":\""u8, 0xC3, 0x28, .. "\"}\n\n"u8];

        ((BackendEnd)(await Read(bytes))[^1]).Status.ShouldBe(502);
    }

    [Fact]
    public async Task Read_OfALineWithoutEnd_GivesUpBeforeItFillsTheMemory() =>
        ((BackendEnd)(await Read(Encoding.UTF8.GetBytes("data: " + new string('x', 300_000)), 4096))[^1]).Code.ShouldBe("backend_garbage");

    private static byte[] Events(string lineEnd, params string[] documents) =>
        Encoding.UTF8.GetBytes(": comment" + lineEnd + lineEnd + string.Concat(documents.Select(document => $"data: {document}{lineEnd}{lineEnd}")));

    private static async Task<List<BackendEvent>> Read(byte[] bytes, int bytesAtOnce = 4096, string? renameTo = null, bool passUsage = false)
    {
        var events = new List<BackendEvent>();
        await using var stream = new Dripping(bytes, bytesAtOnce);
        await foreach (var item in OpenAiStream.Read(stream, renameTo, passUsage, CancellationToken.None))
            events.Add(item);
        return events;
    }

    /// <summary>Gives a few bytes at a time, cutting characters and lines anywhere.</summary>
    private sealed class Dripping(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
    }
}
