using System.Net;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Adapters.Postgres.Webhooks;
using CocoonPool.Domain.Webhooks;
using CocoonPool.Grains;
using CocoonPool.Silo.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Webhooks;

/// <summary>Webhooks. Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Networks such as <c>10.1.0.0/16</c> that are not public and may be told all the same.</summary>
    public string[] AllowedNetworks { get; set; } = [];
}

/// <summary>Looks for what has happened and tells those who asked. A row's lock lets one server tell each thing.</summary>
public sealed partial class WebhookSender : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Tellings at once: a receiver that lets the pool wait holds up a few others and not all.</summary>
    private const int AtOnce = 4;

    private readonly WebhookStore _store;
    private readonly PoolSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookSender> _log;
    private readonly IDataProtector _secrets;
    private readonly HttpClient _http;

    public WebhookSender(WebhookStore store, IDataProtectionProvider protection, IOptions<WebhookOptions> options, PoolSettings settings, TimeProvider time, ILogger<WebhookSender> log)
    {
        (_store, _settings, _time, _log) = (store, settings, time, log);
        _secrets = protection.CreateProtector("CocoonPool.WebhookSecret.v1", settings.Id);
        var allowed = options.Value.AllowedNetworks.Select(IPNetwork.Parse).ToArray();
        _http = OutboundHttp.Create(address => Array.Exists(allowed, n => n.Contains(address)));
    }

    public byte[] Seal(string secret) => _secrets.Protect(Encoding.UTF8.GetBytes(secret));

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await _store.NoteWhatHappened(_settings.Id, stoppingToken);
                await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Deliver(stoppingToken)));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogTrouble(problem);
            }
        }
    }

    private async Task Deliver(CancellationToken stoppingToken)
    {
        while (await _store.DeliverNext(_settings.Id, d => Send(d, stoppingToken), stoppingToken))
        {
        }
    }

    private async Task<(DateTimeOffset? Next, string Outcome)> Send(Delivery delivery, CancellationToken stoppingToken)
    {
        var now = _time.GetUtcNow();
        // The time is inside the signed body: an old delivery cannot be passed off as a new one.
        var body = Encoding.UTF8.GetBytes($$"""{"id":"{{delivery.Id}}","event":"{{delivery.Event}}","pool":"{{_settings.Id}}","timestamp":"{{now:yyyy-MM-ddTHH:mm:ss.fffZ}}","data":{{delivery.Data}}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add("X-Delivery", delivery.Id.ToString());
        try
        {
            request.Headers.Add("X-Signature", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(_secrets.Unprotect(delivery.Secret), body))}");
            using var answer = await _http.SendAsync(request, stoppingToken);
            return answer.IsSuccessStatusCode ? (null, $"{(int)answer.StatusCode}") : (Next(), $"{(int)answer.StatusCode}");
        }
        catch (CryptographicException)
        {
            // The key ring that sealed it is lost. One such webhook must not hold up all others for ever.
            return (null, "the secret cannot be opened; make the webhook anew");
        }
        catch (HttpRequestException problem) when (problem.InnerException is OutboundRefusedException)
        {
            return (null, "refused: not a public address");
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !stoppingToken.IsCancellationRequested)
        {
            return (Next(), "not reached");
        }

        DateTimeOffset? Next() => DeliverySchedule.Next(delivery.Attempts + 1, new(DateTime.SpecifyKind(delivery.HappenedAt, DateTimeKind.Utc)), now);
    }

    [LoggerMessage(1931, LogLevel.Warning, "Webhooks cannot be told now")]
    private partial void LogTrouble(Exception problem);
}
