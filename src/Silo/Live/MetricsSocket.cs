using System.Text.Json;
using System.Text.RegularExpressions;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Metrics;

namespace CocoonPool.Silo.Live;

/// <summary>
/// <c>WS /ws/metrics</c>: the metrics that a listener subscribes to, as often as it likes. The first frame names those that there are;
/// a metric that nothing was measured of yet is sent as an empty list.
/// </summary>
public sealed partial class MetricsSocket(MetricsReading reading, Audience audience, TimeProvider time, ILogger<MetricsSocket> log)
    : LivePicture<IReadOnlyList<MetricSample>>(time, log)
{
    private const int MostMetrics = 50;
    private const int LongestInterval = 60;

    /// <param name="Action"><c>subscribe</c>, which replaces what was subscribed to, or <c>unsubscribe</c>.</param>
    /// <param name="Metrics">Names as <c>/metrics</c> has them.</param>
    /// <param name="IntervalSec">1 to 60 seconds.</param>
    public sealed record Wish(string Action, string[]? Metrics = null, int IntervalSec = 1);

    public Task Serve(HttpContext context)
    {
        Wish? wish = null;
        return audience.Seat(
            context,
            [async (listener, gone) =>
            {
                await listener.Send(new { type = "available", metrics = (await Next(gone)).Select(s => s.Metric).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal) }, gone);
                for (var (sent, of) = (long.MinValue, (Wish?)null); ; )
                {
                    var samples = await Next(gone);
                    var (now, current) = (Time.GetUtcNow(), Volatile.Read(ref wish));
                    if (current?.Metrics is not { } names || (ReferenceEquals(of, current) && now.ToUnixTimeSeconds() - sent < current.IntervalSec))
                        continue;
                    (sent, of) = (now.ToUnixTimeSeconds(), current);
                    await listener.Send(new { type = "metrics", at = now, metrics = names.ToDictionary(n => n, n => samples.Where(s => s.IsOf(n)).Select(Figure), StringComparer.Ordinal) }, gone);
                }
            }],
            async (listener, message, gone) =>
            {
                if (Problem(message, out var said) is { } problem)
                    await listener.Send(new { type = "error", error = new { code = "invalid_request", message = problem } }, gone);
                else
                    Volatile.Write(ref wish, said);
            });
    }

    protected override Task<IReadOnlyList<MetricSample>> Make(CancellationToken cancellationToken) => Task.FromResult(reading.Take().Samples);

    /// <summary>What is wrong with a listener's message, in words for it; null when nothing is.</summary>
    public static string? Problem(ReadOnlyMemory<byte> message, out Wish? wish)
    {
        try
        {
            wish = JsonSerializer.Deserialize<Wish>(message.Span, ApiJson.Options);
        }
        catch (JsonException)
        {
            wish = null;
        }
        return wish switch
        {
            null => "Say {\"action\":\"subscribe\",\"metrics\":[\"worker_status\"],\"interval_sec\":5}.",
            { Action: "unsubscribe", Metrics: null } => null,
            { Action: not "subscribe" } => "action is subscribe, or unsubscribe alone.",
            { Metrics: not { Length: > 0 and <= MostMetrics } } => $"metrics are 1 to {MostMetrics} names as GET /metrics has them.",
            { Metrics: var names } when !Array.TrueForAll(names, n => n is not null && MetricName().IsMatch(n)) => "A metric's name has a to z, 0 to 9 and _.",
            { Metrics: var names } when names.Distinct(StringComparer.Ordinal).Count() < names.Length => "metrics names one metric twice.",
            { IntervalSec: < 1 or > LongestInterval } => $"interval_sec is 1 to {LongestInterval}.",
            _ => null,
        };
    }

    /// <summary>JSON has no words for what is no number.</summary>
    private static object Figure(MetricSample sample) => new { sample.Name, sample.Labels, value = double.IsFinite(sample.Value) ? sample.Value : (double?)null };

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,99}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex MetricName();
}
