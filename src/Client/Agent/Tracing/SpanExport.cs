using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CocoonPool.Client.Agent.Tracing;

/// <summary>Sends the agent's spans to its owner's collector, when the file names one.</summary>
internal static class SpanExport
{
    /// <param name="collector">Takes OTLP over HTTP. Null: nothing is traced.</param>
    /// <returns>Ends the export, after what is left was sent.</returns>
    public static IDisposable? Start(Uri? collector, string worker) => collector is null
        ? null
        : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("cocoon-worker", serviceInstanceId: worker))
            // The pool has decided which traces there are.
            .SetSampler(new ParentBasedSampler(new AlwaysOffSampler()))
            .AddSource(TaskTracing.Source.Name)
            .AddOtlpExporter(otlp => (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(collector, "/v1/traces")))
            .Build();
}
