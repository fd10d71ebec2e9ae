using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CocoonPool.Domain.Contributions;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Backends.OpenAi;

/// <summary>Turns a back end's event stream into pieces and an end.</summary>
internal static class OpenAiStream
{
    /// <summary>How many chunks make sense at the longest line; one more than the piece itself for <c>data: </c> and the line end.</summary>
    private const int LongestLine = LinkLimits.MaxChunkBytes + 16;

    /// <param name="renameTo">The pool's name of the model when the back end knows it by another one.</param>
    /// <param name="passUsage">The client asked for the usage chunk; else it is only read.</param>
    public static async IAsyncEnumerable<BackendEvent> Read(
        Stream stream, string? renameTo, bool passUsage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = SseParser.Create(new BoundedLines(stream, LongestLine), (_, data) => data.ToArray()).EnumerateAsync(cancellationToken);
        await using var reader = events.GetAsyncEnumerator(cancellationToken);
        TokenCounts? usage = null;
        var finished = false;
        while (true)
        {
            byte[]? data = null;
            BackendEnd? broken = null;
            try
            {
                if (await reader.MoveNextAsync())
                    data = reader.Current.Data;
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                broken = BackendEnd.Fault("backend_broke", $"The connection to the back end broke: {exception.Message}");
            }
            catch (InvalidDataException exception)
            {
                broken = BackendEnd.Fault("backend_garbage", exception.Message);
            }
            if (broken is not null)
            {
                yield return broken with { Usage = usage };
                yield break;
            }
            if (data is null || data.AsSpan().SequenceEqual("[DONE]"u8))
            {
                yield return data is not null || finished
                    ? BackendEnd.Success(usage)
                    : BackendEnd.Fault("backend_truncated", "The back end's stream ended before the answer did.") with { Usage = usage };
                yield break;
            }
            var facts = OpenAiFacts.TryRead(data);
            if (facts is null or { Error: not null })
            {
                yield return facts is null
                    ? BackendEnd.Fault("backend_garbage", "The back end sent something that is not an OpenAI chunk.") with { Usage = usage }
                    : BackendEnd.Fault("backend_error", Shortened(facts.Error!)) with { Usage = usage };
                yield break;
            }
            usage = facts.Usage ?? usage;
            finished |= facts.Finished;
            if (facts.OnlyUsage && !passUsage)
                continue;
            yield return new BackendChunk(renameTo is null ? data : OpenAiBody.WithModel(data, renameTo), ChunkText.Count(data));
        }
    }

    private static string Shortened(string text) => text.Length <= 300 ? text : text[..300];
}
