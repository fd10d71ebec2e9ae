using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Client.Launcher.Pool;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>Sends the demo's requests the way any OpenAI client would: some at once, every third one streamed.</summary>
public sealed class DemoTraffic(HttpClient http, string siloUrl, string clientKey, TimeProvider time)
{
    private const int MaxTokens = 48;

    public async Task<TrafficResult> Send(DemoOptions options, IReadOnlyList<string> prompts, Action done, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentBag<Answer>();
        var failures = new ConcurrentBag<string>();
        var start = time.GetTimestamp();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = DemoOptions.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, options.Requests, limits, async (index, cancel) =>
        {
            var streamed = index % 3 == 2;
            var model = options.Models[index % options.Models.Count];
            try
            {
                answers.Add(await Ask(model, prompts[index % prompts.Count], streamed, cancel));
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException or LauncherException)
            {
                failures.Add($"request {index + 1} ({(streamed ? "streamed" : "one-shot")}): {failure.Message}");
            }

            done();
        });
        return new TrafficResult([.. answers], [.. failures], time.GetElapsedTime(start));
    }

    private async Task<Answer> Ask(string model, string prompt, bool streamed, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, siloUrl + "/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", clientKey);
        object body = streamed
            ? new { model, max_tokens = MaxTokens, messages = Messages(prompt), stream = true, stream_options = new { include_usage = true } }
            : new { model, max_tokens = MaxTokens, messages = Messages(prompt) };
        request.Content = JsonContent.Create(body);
        // Nobody has seen anything of an answer that did not begin, so the question may be asked again elsewhere.
        request.Options.Set(SiloFailover.Repeatable, true);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            throw new LauncherException($"HTTP {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancel)}");
        var worker = response.Headers.TryGetValues("X-Worker-ID", out var values) ? values.First() : "";
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var (text, tokens) = streamed ? await ReadStream(stream, cancel) : await ReadWhole(stream, cancel);
        if (text.Length == 0)
            throw new LauncherException("the answer is empty");
        return new Answer(worker, streamed, tokens, time.GetElapsedTime(start));
    }

    private static object[] Messages(string prompt) => [new { role = "user", content = prompt }];

    private static async Task<(string Text, long Tokens)> ReadWhole(Stream stream, CancellationToken cancel)
    {
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancel);
        var text = document.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "";
        return (text, Tokens(document.RootElement));
    }

    private static async Task<(string Text, long Tokens)> ReadStream(Stream stream, CancellationToken cancel)
    {
        using var reader = new StreamReader(stream);
        var text = "";
        long tokens = 0;
        var finished = false;
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
                continue;
            var data = line["data:".Length..].Trim();
            if (string.Equals(data, "[DONE]", StringComparison.Ordinal))
            {
                finished = true;
                break;
            }

            using var document = JsonDocument.Parse(data);
            var chunk = document.RootElement;
            if (chunk.TryGetProperty("error", out var error))
                throw new LauncherException($"the stream broke: {error}");
            if (chunk.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && choices[0].TryGetProperty("delta", out var delta)
                && delta.TryGetProperty("content", out var content))
            {
                text += content.GetString();
            }

            tokens = Math.Max(tokens, Tokens(chunk));
        }

        return finished ? (text, tokens) : throw new LauncherException("the stream ended without its [DONE]");
    }

    private static long Tokens(JsonElement element) =>
        element.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            ? usage.GetProperty("completion_tokens").GetInt64()
            : 0;
}

/// <param name="Tokens">Completion tokens, as the answer's usage says.</param>
public sealed record Answer(string Worker, bool Streamed, long Tokens, TimeSpan Took);

public sealed record TrafficResult(IReadOnlyList<Answer> Answers, IReadOnlyList<string> Failures, TimeSpan Took)
{
    public long Tokens => Answers.Sum(answer => answer.Tokens);
}
