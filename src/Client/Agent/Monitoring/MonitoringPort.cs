using System.Globalization;
using System.Net;
using System.Text;
using CocoonPool.Client.Agent.Registration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Client.Agent.Monitoring;

/// <summary>
/// Status, metrics and drain on a loopback port. A web page open on the same machine could reach it as well, so commands
/// need a header that pages may not send to other origins, and only the loopback's own names are served.
/// </summary>
internal static class MonitoringPort
{
    public const string LocalHeader = "X-Cocoon-Worker";

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebApplication> Start(int port, string workerId, string pool, AgentStatus status, Action drain)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            if (context.Request.Host.Host is "127.0.0.1" or "localhost")
                await next(context);
            else
                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        });
        app.MapGet("/status", (RequestDelegate)(context =>
            context.Response.WriteAsJsonAsync(status.Report(workerId, pool), PoolJson.Default.AgentStatusReport)));
        app.MapGet("/metrics", (RequestDelegate)(context => context.Response.WriteAsync(Metrics(status.Report(workerId, pool)))));
        app.MapPost("/drain", (RequestDelegate)(context =>
        {
            if (context.Request.Headers.ContainsKey(LocalHeader))
                drain();
            else
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }));
        await app.StartAsync();
        return app;
    }

    /// <summary>Prometheus text format.</summary>
    private static string Metrics(AgentStatusReport report)
    {
        var text = new StringBuilder();
        Add(text, "cocoon_worker_connected", "gauge", "1 while the stream to the pool is open.", ("", report.State is "connected" or "draining" ? 1 : 0));
        Add(text, "cocoon_worker_running_tasks", "gauge", "Tasks that run now.", ("", report.RunningTasks));
        Add(text, "cocoon_worker_unacknowledged_receipts", "gauge", "Receipts that the pool has not acknowledged.", ("", report.UnacknowledgedReceipts));
        Add(text, "cocoon_worker_disconnects_total", "counter", "Streams that ended or could not be opened.", ("", report.Disconnects));
        Add(text, "cocoon_worker_tasks_total", "counter", "Ended tasks by outcome.",
            [.. report.Tasks.Select(entry => ($"{{outcome=\"{entry.Key}\"}}", entry.Value))]);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string kind, string help, params ReadOnlySpan<(string Labels, long Value)> samples)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n");
        foreach (var (labels, value) in samples)
            text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value}\n");
    }
}
