using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent.Backends.OpenAi;

/// <summary>Any OpenAI-compatible server. Bodies pass through; connections are reused; cancelling closes the request there.</summary>
/// <param name="poolModel">The model's name in the pool, which clients see.</param>
/// <param name="backendModel">Its name at the server, when it is another one.</param>
internal sealed class OpenAiBackend(HttpClient client, Uri address, string poolModel, string? backendModel) : IInferenceBackend
{
    private readonly string _base = BaseOf(address);

    /// <summary>One client for all back ends: no redirects and no cookies, because the server is one of our own.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        // An answer may take as long as its client waits; the client's leaving is what ends it.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async IAsyncEnumerable<BackendEvent> Run(BackendRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (response, passUsage, refusal) = await Send(request, cancellationToken);
        using (response)
        {
            if (response is null || refusal is not null)
            {
                yield return refusal ?? BackendEnd.Fault("backend_unreachable", "The back end did not answer.");
                yield break;
            }
            if (!request.Stream)
            {
                var (answer, end) = await ReadAnswer(response, cancellationToken);
                if (answer is not null)
                    yield return answer;
                yield return end;
                yield break;
            }
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var item in OpenAiStream.Read(stream, backendModel is null ? null : poolModel, passUsage, cancellationToken))
                yield return item;
        }
    }

    public async Task<BackendProbe> Probe(CancellationToken cancellationToken)
    {
        var wanted = backendModel ?? poolModel;
        try
        {
            using var response = await client.GetAsync(_base + "models", cancellationToken);
            if (!response.IsSuccessStatusCode)
                return new(_base, $"{_base}models answers {(int)response.StatusCode}; check backend_url.");
            using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            var names = document.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ToList();
            return names.Contains(wanted, StringComparer.Ordinal)
                ? new(_base, null)
                : new(_base, $"it has no model '{wanted}' but {string.Join(", ", names.Take(10))}; load the model there or set backend_model.");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new(_base, $"{_base}models cannot be read ({exception.Message}); start the server or correct backend_url.");
        }
    }

    private async Task<(HttpResponseMessage? Response, bool PassUsage, BackendEnd? Refusal)> Send(BackendRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var (body, clientWantsUsage) = OpenAiBody.ForBackend(request.Body, backendModel, request.Stream);
            using var message = new HttpRequestMessage(HttpMethod.Post, _base + request.Route) { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (request.Traceparent is { } trace)
                message.Headers.TryAddWithoutValidation("traceparent", trace);
            var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (response, clientWantsUsage, response.IsSuccessStatusCode ? null : await Refusal(response, cancellationToken));
        }
        catch (JsonException)
        {
            return (null, false, new BackendEnd(400, "invalid_body", "The request body is not a JSON object."));
        }
        catch (HttpRequestException exception)
        {
            return (null, false, BackendEnd.Fault("backend_unreachable", $"The back end cannot be reached: {exception.Message}"));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, false, BackendEnd.Fault("backend_unreachable", "The back end cannot be reached: connecting took too long."));
        }
    }

    private static async Task<BackendEnd> Refusal(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            return new BackendEnd(status, "backend_busy", "The back end has no room for another request.");
        // Address, credentials and model name are the worker's configuration: no client can be at fault for these.
        if (status is not (>= 400 and < 500) || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
            return BackendEnd.Fault("backend_error", $"The back end answered {status}.");
        var body = await ReadBounded(response, cancellationToken);
        return new BackendEnd(status, "backend_refused", $"The back end refused the request with {status}.",
            Body: body is not null && OpenAiFacts.TryRead(body) is not null ? body : null);
    }

    private async Task<(BackendAnswer? Answer, BackendEnd End)> ReadAnswer(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadBounded(response, cancellationToken) is not { } body)
                return (null, BackendEnd.Fault("answer_too_large", "The answer is larger than a worker may send."));
            var facts = OpenAiFacts.TryRead(body);
            if (facts is null or { Error: not null })
                return (null, BackendEnd.Fault("backend_garbage", "The back end's answer is not an OpenAI document."));
            return (new BackendAnswer(backendModel is null ? body : OpenAiBody.WithModel(body, poolModel)), BackendEnd.Success(facts.Usage));
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return (null, BackendEnd.Fault("backend_broke", $"The connection to the back end broke: {exception.Message}"));
        }
    }

    /// <summary>Null when the body would not fit into a frame in any case.</summary>
    private static async Task<byte[]?> ReadBounded(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is { } length)
            return length <= LinkLimits.MaxAgentFrameBytes ? await response.Content.ReadAsByteArrayAsync(cancellationToken) : null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LinkLimits.MaxAgentFrameBytes)
                return null;
        }
        return body.ToArray();
    }

    /// <summary>With or without <c>/v1</c> in the file, as people copy it from their server's documentation.</summary>
    private static string BaseOf(Uri address)
    {
        var text = address.AbsoluteUri.TrimEnd('/');
        return text.EndsWith("/v1", StringComparison.Ordinal) ? text + "/" : text + "/v1/";
    }
}
