using System.Net.Http.Json;
using System.Text.Json;

namespace CocoonPool.Security.Tests.Host;

/// <summary>Sends JSON and reads answers in one line.</summary>
public static class Answers
{
    /// <summary>Status, and the body as JSON (an empty object when it is none).</summary>
    public static async Task<(int Status, JsonElement Body)> Send(this HttpClient http, HttpMethod method, string path, object? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        try
        {
            return ((int)response.StatusCode, JsonDocument.Parse(bytes).RootElement);
        }
        catch (JsonException)
        {
            return ((int)response.StatusCode, JsonDocument.Parse("{}").RootElement);
        }
    }

    public static Task<(int Status, JsonElement Body)> Post(this HttpClient http, string path, object? body = null, string? idempotencyKey = null) =>
        http.Send(HttpMethod.Post, path, body ?? new { }, idempotencyKey);

    public static Task<(int Status, JsonElement Body)> Get(this HttpClient http, string path) => http.Send(HttpMethod.Get, path);

    public static string Text(this JsonElement body, string name) => body.GetProperty(name).GetString()!;

    public static string Code(this JsonElement body) => body.GetProperty("error").GetProperty("code").GetString()!;
}
