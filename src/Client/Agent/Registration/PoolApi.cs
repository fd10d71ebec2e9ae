using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CocoonPool.Client.Agent.Registration;

/// <summary>The pool said no to a REST call, with a code and words.</summary>
internal sealed class PoolRefusedException(HttpStatusCode status, string code, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;
}

/// <summary>The few REST calls of the pool that an agent needs.</summary>
/// <param name="key">The participant's API key.</param>
internal sealed class PoolApi(HttpClient client, Uri poolUrl, string? key)
{
    private readonly string _base = poolUrl.AbsoluteUri.TrimEnd('/');

    public Task<WorkerDocument> Register(RegisterRequest request, CancellationToken cancellationToken) =>
        Post("/api/v1/workers/register", JsonContent.Create(request, PoolJson.Default.RegisterRequest), cancellationToken);

    /// <param name="command"><c>attest</c>, <c>activate</c> or <c>drain</c>.</param>
    public Task<WorkerDocument> Command(string workerId, string command, CancellationToken cancellationToken) =>
        Post($"/api/v1/workers/{workerId}/{command}", JsonContent.Create(new EmptyDocument(), PoolJson.Default.EmptyDocument), cancellationToken);

    public Task<ParticipantDocument> Participant(string address, CancellationToken cancellationToken) =>
        Send(HttpMethod.Get, $"/api/v1/participants/{address}", null, PoolJson.Default.ParticipantDocument, cancellationToken);

    /// <exception cref="HttpRequestException">The pool cannot be reached or is not well.</exception>
    public async Task Health(CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(_base + "/health", cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private Task<WorkerDocument> Post(string path, HttpContent content, CancellationToken cancellationToken) =>
        Send(HttpMethod.Post, path, content, PoolJson.Default.WorkerDocument, cancellationToken);

    private async Task<T> Send<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, _base + path) { Content = content };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            if (response.IsSuccessStatusCode)
                return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("An object was expected.");
            var error = JsonSerializer.Deserialize(body, PoolJson.Default.ErrorDocument)?.Error;
            throw new PoolRefusedException(response.StatusCode, error?.Code ?? "unknown", error?.Message ?? "no reason was given");
        }
        catch (JsonException)
        {
            throw new PoolRefusedException(response.StatusCode, "unknown", $"The pool answered {(int)response.StatusCode} with something unexpected; is pool_url right?");
        }
    }
}
