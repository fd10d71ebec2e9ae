using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.Adapters.Postgres.Idempotency;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;
using Microsoft.AspNetCore.DataProtection;

namespace CocoonPool.Silo.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c>: a change that is sent again with the same key is not made again, and gets the first one's answer. Keys are
/// a caller's own. Refusals are remembered too; failures of the pool are not, because then trying again is right.
/// </summary>
public sealed class IdempotencyGuard(RequestDelegate next, IdempotentRequests requests, IDataProtectionProvider protection, PoolSettings settings, TimeProvider time)
{
    public const string Header = "Idempotency-Key";
    private const string RefusalType = "refusal";
    private const int LongestKey = 128;
    private const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // Answers may hold what is shown once, such as a new API key: they lie sealed.
    private readonly IDataProtector _protector = protection.CreateProtector("CocoonPool.Answers.v1", settings.Id);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!AuditTrail.IsMutation(context) || context.Holder() is not { } holder || context.Request.Headers[Header] is not { Count: > 0 } header)
        {
            await next(context);
            return;
        }
        if (header is not [{ Length: > 0 and <= LongestKey } key] || key.Any(c => c is <= ' ' or > '~'))
            throw ApiException.Invalid($"{Header} is given once and has 1 to {LongestKey} visible ASCII characters.");
        // A key may bear the name of a person: what that person was answered is none of its business.
        var caller = $"{(holder.Session is null ? "key" : "session")}:{holder.Role}:{holder.Subject}";
        var (hash, lease) = (await HashOf(context.Request), Guid.CreateVersion7());
        var start = time.GetTimestamp();
        while (true)
        {
            var (standing, answer) = await requests.Take(settings.Id, caller, key, hash, lease, context.RequestAborted);
            switch (standing)
            {
                case KeyStanding.Mine:
                    await Work(context, caller, key, lease);
                    return;
                case KeyStanding.Answered:
                    await Replay(context, answer!);
                    return;
                case KeyStanding.OtherRequest:
                    throw new ApiException(409, "idempotency_conflict", $"This {Header} was used for another request within 24 hours; use a new one for a new request.");
                case KeyStanding.InProgress when time.GetElapsedTime(start) > Patience:
                    throw new ApiException(409, "conflict", $"The first request with this {Header} is still being worked on; ask again.") { RetryAfterSeconds = 1 };
                default:
                    await Task.Delay(Look, time, context.RequestAborted);
                    break;
            }
        }
    }

    private async Task Work(HttpContext context, string caller, string key, Guid lease)
    {
        var (real, kept) = (context.Response.Body, false);
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
            if (context.Response.StatusCode < 500 && answer.Length <= LargestAnswer)
                kept = await Keep(context.Response.StatusCode, context.Response.ContentType, answer.ToArray());
        }
        catch (ApiException refused) when (refused.Status is < 500 and not (401 or 403 or 429))
        {
            kept = await Keep(refused.Status, RefusalType, JsonSerializer.SerializeToUtf8Bytes(new Refusal(refused.Code, refused.Message)));
            throw;
        }
        finally
        {
            context.Response.Body = real;
            if (!kept)
                await requests.GiveUp(settings.Id, caller, key, lease, CancellationToken.None);
        }
        answer.Position = 0;
        await answer.CopyToAsync(real, context.RequestAborted);

        async Task<bool> Keep(int status, string? type, byte[] body)
        {
            // Also when the caller has hung up: it will ask again.
            await requests.Keep(settings.Id, caller, key, lease, new(status, type, _protector.Protect(body)), CancellationToken.None);
            return true;
        }
    }

    private async Task Replay(HttpContext context, KeptAnswer answer)
    {
        var body = _protector.Unprotect(answer.Body);
        context.Audit(action: $"repeat {context.Request.Method} {context.Request.Path}");
        context.Response.Headers["Idempotency-Replayed"] = "true";
        if (string.Equals(answer.ContentType, RefusalType, StringComparison.Ordinal))
        {
            var refusal = JsonSerializer.Deserialize<Refusal>(body)!;
            throw new ApiException(answer.Status, refusal.Code, refusal.Message);
        }
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task<byte[]> HashOf(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private sealed record Refusal(string Code, string Message);
}
