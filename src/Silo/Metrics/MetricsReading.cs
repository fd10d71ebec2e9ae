using OpenTelemetry.Metrics;

namespace CocoonPool.Silo.Metrics;

/// <summary>One figure of a metric.</summary>
/// <param name="Metric">The metric's name, such as <c>inference_latency_seconds</c>.</param>
/// <param name="Name">The figure's own name: of a histogram <c>…_bucket</c>, <c>…_sum</c> or <c>…_count</c>, otherwise the metric's.</param>
public sealed record MetricSample(string Metric, string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Whether somebody who asks for a name wants this. Buckets are only sent to those who name them.</summary>
    public bool IsOf(string name) =>
        string.Equals(Name, name, StringComparison.Ordinal) || (string.Equals(Metric, name, StringComparison.Ordinal) && !Name.EndsWith("_bucket", StringComparison.Ordinal));
}

/// <summary>All metrics as they stood at one moment.</summary>
/// <param name="Text">In the Prometheus text format.</param>
public sealed record MetricsSnapshot(string Text, IReadOnlyList<MetricSample> Samples);

/// <summary>Reads the meters when somebody asks.</summary>
/// <param name="provider">It has to be built for the reader to have something to read.</param>
public sealed class MetricsReading(MeterProvider provider, BaseExportingMetricReader reader, PrometheusText text)
{
    private readonly Lock _turn = new();

    public MetricsSnapshot Take()
    {
        GC.KeepAlive(provider);
        lock (_turn)
        {
            reader.Collect();
            return text.Last;
        }
    }
}
