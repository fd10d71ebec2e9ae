using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Pool;

namespace CocoonPool.Chaos.Load;

/// <summary>People who ask without end, every second of them for a stream, and write down each whole answer.</summary>
public sealed class Clients(HttpClient http, string siloUrl, string key, AnswerBook book, TimeProvider time)
{
    private const int MaxTokens = 24;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks until it is cancelled.</summary>
    public Task Run(int count, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Ask(i, cancellationToken)));

    private async Task Ask(int number, CancellationToken cancellationToken)
    {
        for (var i = number; !cancellationToken.IsCancellationRequested; i++)
        {
            try
            {
                book.Note(await Once(i, isStreamed: i % 2 == 0));
            }
            catch (RequestRefusedException refused)
            {
                book.NoteFailure(refused.Message);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                book.NoteFailure(failure is OperationCanceledException ? "no answer in time" : failure is JsonException ? "an unreadable answer" : "connection lost");
            }

            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Answer> Once(int number, bool isStreamed)
    {
        // A request that has begun is seen to its end, also when the load is being stopped: its answer counts.
        using var patience = new CancellationTokenSource(Patience, time);
        using var request = new HttpRequestMessage(HttpMethod.Post, siloUrl + "/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var messages = new[] { new { role = "user", content = $"Question {number}: what holds when everything else falls?" } };
        request.Content = JsonContent.Create<object>(isStreamed
            ? new { model = ChaosSettings.Model, max_tokens = MaxTokens, messages, stream = true, stream_options = new { include_usage = true } }
            : new { model = ChaosSettings.Model, max_tokens = MaxTokens, messages });
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (!response.IsSuccessStatusCode)
            throw new RequestRefusedException($"HTTP {(int)response.StatusCode} {CodeOf(await response.Content.ReadAsStringAsync(patience.Token))}");
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        var tokens = isStreamed ? await ReadStream(stream, patience.Token) : await ReadWhole(stream, patience.Token);
        return new(Header(response, "X-Task-ID"), Header(response, "X-Worker-ID"), tokens, isStreamed, time.GetUtcNow());
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : throw new RequestRefusedException($"an answer without {name}");

    private static async Task<long> ReadWhole(Stream stream, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        return document.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt64();
    }

    private static async Task<long> ReadStream(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream);
        long tokens = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
                continue;
            var data = line["data:".Length..].Trim();
            if (string.Equals(data, "[DONE]", StringComparison.Ordinal))
                return tokens;
            using var document = JsonDocument.Parse(data);
            if (document.RootElement.TryGetProperty("error", out _))
                throw new RequestRefusedException($"a stream that broke with {CodeOf(data)}");
            if (document.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
                tokens = usage.GetProperty("completion_tokens").GetInt64();
        }

        throw new RequestRefusedException("a stream that ended without [DONE]");
    }

    private static string CodeOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("error").GetProperty("code").GetString() ?? "";
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>The client was told no. That is never wrong by itself; it is counted.</summary>
    private sealed class RequestRefusedException(string seen) : Exception(seen);
}
