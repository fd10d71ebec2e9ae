using System.ComponentModel.DataAnnotations;

namespace CocoonPool.Silo.Tracing;

/// <summary>Where spans go. Section <c>Tracing</c>.</summary>
public sealed class TracingOptions
{
    /// <summary>An OpenTelemetry collector that takes OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>. Empty: nothing is traced, and tracing costs nothing.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The share of requests that are traced. 0..1. Decided by the trace's id alone, so that all spans of one trace are there or none.</summary>
    [Range(0.0, 1.0, ErrorMessage = "Tracing:Ratio is 0 (none) to 1 (all).")]
    public double Ratio { get; set; } = 0.01;
}
