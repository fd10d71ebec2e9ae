using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using CocoonPool.Client.Agent.Link;

namespace CocoonPool.Client.Agent.Registration;

/// <summary>The pool said no to a REST call, with a code and words.</summary>
internal sealed class PoolRefusedException(HttpStatusCode status, string code, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;
}

/// <summary>The few REST calls of the pool that an agent needs.</summary>
/// <param name="addresses">One that cannot be reached makes way for the next; the caller decides whether to ask again.</param>
/// <param name="key">The participant's API key.</param>
internal sealed class PoolApi(HttpClient client, PoolAddresses addresses, string? key)
{
    public PoolApi(HttpClient client, Uri poolUrl, string? key)
        : this(client, new PoolAddresses([poolUrl], () => 0), key)
    {
    }

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
        using var response = await client.GetAsync(Base(addresses.Current) + "/health", cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private Task<WorkerDocument> Post(string path, HttpContent content, CancellationToken cancellationToken) =>
        Send(HttpMethod.Post, path, content, PoolJson.Default.WorkerDocument, cancellationToken);

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException)
        {
            addresses.Failed(address);
            throw;
        }
    }

    private static string Base(Uri address) => address.AbsoluteUri.TrimEnd('/');

    private async Task<T> Send<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var address = addresses.Current;
        using var request = new HttpRequestMessage(method, Base(address) + path) { Content = content };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await Send(request, address, cancellationToken);
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
