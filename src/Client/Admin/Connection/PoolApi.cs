using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CocoonPool.Client.Admin.Connection;

/// <summary>Calls the pool and tells apart the three ways in which that fails: not reached, refused, and not a pool.</summary>
internal sealed class PoolApi(PoolLocation location) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly IReadOnlyList<Uri> _urls = location.Urls();
    private HttpClient? _http;
    private Uri? _answering;

    public async Task<PoolAnswer> Json(PoolRequest request, CancellationToken cancellationToken)
    {
        var (status, bytes) = await Send(request, cancellationToken);
        try
        {
            return new(status, System.Text.Encoding.UTF8.GetString(bytes), JsonDocument.Parse(bytes).RootElement);
        }
        catch (JsonException)
        {
            throw NoPool();
        }
    }

    /// <summary>The body as it came; bundles are hashed, so not a byte may change.</summary>
    public async Task<byte[]> Bytes(PoolRequest request, CancellationToken cancellationToken) => (await Send(request, cancellationToken)).Bytes;

    public void Dispose() => _http?.Dispose();

    /// <summary>Asks the server that answered last, or the first that can be reached; a command that may have arrived is not sent to another.</summary>
    private async Task<(int Status, byte[] Bytes)> Send(PoolRequest request, CancellationToken cancellationToken)
    {
        var urls = _answering is { } known ? [known, .. _urls.Where(url => url != known)] : _urls;
        foreach (var url in urls.SkipLast(1))
        {
            try
            {
                return await Send(url, request, cancellationToken);
            }
            catch (AdminException failure) when (failure.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
            {
                // The next one is asked; what the last one says is what the caller reads.
            }
        }
        return await Send(urls[^1], request, cancellationToken);
    }

    private async Task<(int Status, byte[] Bytes)> Send(Uri url, PoolRequest request, CancellationToken cancellationToken)
    {
        _http ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !_urls.All(each => each.IsLoopback) }) { Timeout = Patience };
        using var message = new HttpRequestMessage(request.Method ?? (request.Body is null ? HttpMethod.Get : HttpMethod.Post), url.AbsoluteUri.TrimEnd('/') + request.Path);
        if (!request.IsPublic)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", location.Key(url));
        if (request.Body is not null)
            message.Content = JsonContent.Create(request.Body);
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            _answering = url;
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode || status == request.AlsoAnswers ? (status, bytes) : throw Refused(response.StatusCode, bytes);
        }
        catch (HttpRequestException failure)
        {
            throw new AdminException(
                ExitCode.Unreachable,
                $"No pool answers at {string.Join(", ", _urls)} ({failure.Message}). Start one with ./cocoon up, or say where it is with --url or COCOON_URL.",
                failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AdminException(ExitCode.Unreachable, $"The pool at {url} did not answer within {Patience.TotalSeconds:0} s; look at its health and logs, then at whether the command took effect.");
        }
    }

    private AdminException Refused(HttpStatusCode status, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var error = document.RootElement.GetProperty("error");
            var words = $"The pool refused: {error.GetProperty("message").GetString()} ({error.GetProperty("code").GetString()}, HTTP {(int)status})";
            return new(ExitCode.Refused, words + WhatToDo(status)) { Body = System.Text.Encoding.UTF8.GetString(bytes) };
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return NoPool($" (HTTP {(int)status})");
        }
    }

    private AdminException NoPool(string detail = "") => new(
        ExitCode.Unreachable, $"What answers at {_answering}{detail} does not speak the pool's API; check the address given with --url or COCOON_URL, and any proxy in front of the pool.");

    private static string WhatToDo(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ". The key is not, or no longer, valid for this pool: check --key-file or COCOON_OPERATOR_KEY_FILE.",
        HttpStatusCode.Forbidden => ". Another role is needed: check --key-file or COCOON_OPERATOR_KEY_FILE, or sign in with login.",
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => ". Try again in a moment.",
        _ => "",
    };
}

/// <param name="Text">The body as it came.</param>
internal sealed record PoolAnswer(int Status, string Text, JsonElement Root);
