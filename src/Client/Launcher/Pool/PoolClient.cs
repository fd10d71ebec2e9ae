using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CocoonPool.Client.Launcher.Pool;

/// <summary>The pool's REST API as its operator calls it. A refusal is shown in the API's own words.</summary>
public sealed class PoolClient(HttpClient http, string siloUrl, string operatorKey)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string Url => siloUrl;

    public Task<CreatedKey> CreateKey(string role, string subject, string label, CancellationToken cancel) =>
        Post<CreatedKey>("keys", new { role, subject, label }, cancel);

    public Task<ParticipantView> Register(string wallet, CancellationToken cancel) =>
        Post<ParticipantView>("participants", new { wallet_address = wallet }, cancel);

    public Task<ParticipantView> Participant(string address, CancellationToken cancel) => Get<ParticipantView>($"participants/{address}", cancel);

    public Task<EarningsView> Earnings(string address, CancellationToken cancel) => Get<EarningsView>($"participants/{address}/earnings", cancel);

    public async Task<IReadOnlyList<PayoutView>> Payouts(string address, CancellationToken cancel) =>
        (await Get<Page<PayoutView>>($"participants/{address}/payouts", cancel)).Data;

    public async Task<IReadOnlyList<WorkerView>> Workers(CancellationToken cancel) => (await Get<Page<WorkerView>>("workers", cancel)).Data;

    public Task<WorkerView> Act(string worker, string action, CancellationToken cancel) =>
        Post<WorkerView>($"workers/{worker}/{action}", new { }, cancel);

    public Task<PoolStats> Stats(CancellationToken cancel) => Get<PoolStats>("pool/stats", cancel);

    public async Task<IReadOnlyList<TallyView>> Tallies(long epoch, CancellationToken cancel) =>
        (await Get<Page<TallyView>>($"epochs/{epoch}/tallies", cancel)).Data;

    public Task<ClosingView> FinalizeEarly(CancellationToken cancel) => Post<ClosingView>("epochs/finalize", new { early = true, dry_run = false }, cancel);

    public Task<SettlementView> Settle(long epoch, CancellationToken cancel) => Post<SettlementView>($"epochs/{epoch}/settlement", new { }, cancel);

    public Task<SettlementView> Settlement(long epoch, CancellationToken cancel) => Get<SettlementView>($"epochs/{epoch}/settlement", cancel);

    /// <summary>The published bundle, byte for byte: its hash is on the chain.</summary>
    public async Task<byte[]> Bundle(long epoch, CancellationToken cancel)
    {
        // Anyone may verify an epoch, so this asks without a key.
        using var response = await http.GetAsync(new Uri($"{siloUrl}/api/v1/epochs/{epoch}/bundle.json"), cancel);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(cancel) : throw await Refused(response, cancel);
    }

    private Task<T> Get<T>(string path, CancellationToken cancel) => Send<T>(HttpMethod.Get, path, null, cancel);

    private Task<T> Post<T>(string path, object body, CancellationToken cancel) => Send<T>(HttpMethod.Post, path, body, cancel);

    private async Task<T> Send<T>(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, $"{siloUrl}/api/v1/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorKey);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
            throw await Refused(response, cancel);
        return await response.Content.ReadFromJsonAsync<T>(Format, cancel)
            ?? throw new LauncherException($"The pool answered nothing to {method} {path}.");
    }

    private static async Task<PoolRefusedException> Refused(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        var path = response.RequestMessage?.RequestUri?.PathAndQuery;
        try
        {
            var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
            var code = error.GetProperty("code").GetString() ?? "";
            return new PoolRefusedException(response.StatusCode, code, $"The pool refused {path}: {code}: {error.GetProperty("message").GetString()}");
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new PoolRefusedException(response.StatusCode, "", $"The pool answered HTTP {(int)response.StatusCode} to {path}: {text}");
        }
    }

    private sealed record Page<T>(IReadOnlyList<T> Data);
}

/// <summary>The pool said no: with a code for programs and a sentence for people.</summary>
public sealed class PoolRefusedException(HttpStatusCode status, string code, string message) : Exception(message)
{
    public HttpStatusCode Status => status;

    public string Code => code;
}
