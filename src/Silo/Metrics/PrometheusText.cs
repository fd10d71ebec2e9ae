using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace CocoonPool.Silo.Metrics;

/// <summary>
/// Writes OpenTelemetry metrics in the Prometheus text format 0.0.4: names with underscores and a unit suffix, counters with
/// <c>_total</c>, histograms with cumulative buckets.
/// </summary>
public sealed class PrometheusText : BaseExporter<Metric>
{
    private MetricsSnapshot _last = new("", []);

    /// <summary>What the last collection gave.</summary>
    public MetricsSnapshot Last => Volatile.Read(ref _last);

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var page = new Page();
        foreach (var metric in batch)
            Write(page, metric);
        Volatile.Write(ref _last, new(page.Text.ToString(), page.Samples));
        return ExportResult.Success;
    }

    private static void Write(Page page, Metric metric)
    {
        var counter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var (text, name) = (page.Text, Name(metric, counter));
        page.Metric = name;
        if (metric.Description.Length > 0)
            text.Append("# HELP ").Append(name).Append(' ').Append(metric.Description.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(metric.MetricType == MetricType.Histogram ? "histogram" : counter ? "counter" : "gauge").Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point.Tags);
            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    page.Line(name, labels, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    page.Line(name, labels, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    page.Line(name, labels, point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    page.Line(name, labels, point.GetGaugeLastValueDouble());
                    break;
                case MetricType.Histogram:
                    Histogram(page, name, labels, point);
                    break;
            }
        }
    }

    private static void Histogram(Page page, string name, Dictionary<string, string> labels, in MetricPoint point)
    {
        var below = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture);
            page.Line($"{name}_bucket", new(labels, StringComparer.Ordinal) { ["le"] = bound }, below);
        }
        page.Line($"{name}_sum", labels, point.GetHistogramSum());
        page.Line($"{name}_count", labels, point.GetHistogramCount());
    }

    private static Dictionary<string, string> Labels(ReadOnlyTagCollection tags)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
            labels[Clean(tag.Key)] = tag.Value?.ToString() ?? "";
        return labels;
    }

    private static string Name(Metric metric, bool counter)
    {
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", "ms" => "_milliseconds", _ => "" };
        var name = Clean(metric.Name);
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return counter && !name.EndsWith("_total", StringComparison.Ordinal) ? $"{name}_total" : name;
    }

    private static string Clean(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));

    /// <summary>What one collection gives: the text, and the same figures for those who want only some of them.</summary>
    private sealed class Page
    {
        public StringBuilder Text { get; } = new();

        public List<MetricSample> Samples { get; } = [];

        public string Metric { get; set; } = "";

        public void Line(string name, Dictionary<string, string> labels, double value)
        {
            Samples.Add(new(Metric, name, labels, value));
            Text.Append(name);
            if (labels.Count > 0)
                Text.Append('{').AppendJoin(',', labels.Select(l => $"{l.Key}=\"{Escape(l.Value)}\"")).Append('}');
            Text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }

        private static string Escape(string value) =>
            value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }
}
