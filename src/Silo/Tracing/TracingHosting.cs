using CocoonPool.Silo.Routing;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CocoonPool.Silo.Tracing;

/// <summary>Sends the spans of requests to a collector, when one is configured.</summary>
public static class TracingHosting
{
    /// <summary>ASP.NET Core's span is the whole request, the gateway's are its stages, and those of the database lie where one was waited for.</summary>
    private static readonly string[] Sources = ["Microsoft.AspNetCore", GatewayTracing.Source.Name, "Npgsql"];

    public static IServiceCollection AddTracing(this IServiceCollection services)
    {
        // Otherwise ASP.NET Core's span says neither method nor path.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddOptions<TracingOptions>().BindConfiguration("Tracing").ValidateDataAnnotations()
            .Validate(o => o.Endpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Tracing:Endpoint is an address such as http://127.0.0.1:4318.")
            .ValidateOnStart();
        return services.AddHostedService<SpanExport>();
    }

    /// <summary>Lives from the host's start to its stop, when what is left is sent.</summary>
    private sealed class SpanExport(IOptions<TracingOptions> options) : IHostedService
    {
        private TracerProvider? _provider;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (options.Value.Endpoint is not { } collector)
                return Task.CompletedTask;
            _provider = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("cocoon-silo", autoGenerateServiceInstanceId: true))
                .SetSampler(new RequestSampler(options.Value.Ratio))
                .AddSource(Sources)
                .AddOtlpExporter(otlp => (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(collector, "/v1/traces")))
                .Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _provider?.Dispose();
            return Task.CompletedTask;
        }
    }
}
