using CocoonPool.Silo.Admin;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Epochs;
using CocoonPool.Silo.Hosting;
using CocoonPool.Silo.Ledger;
using CocoonPool.Silo.Live;
using CocoonPool.Silo.Metrics;
using CocoonPool.Silo.Participants;
using CocoonPool.Silo.Pool;
using CocoonPool.Silo.Routing;
using CocoonPool.Silo.Settlement;
using CocoonPool.Silo.Workers;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var listen = new Uri(builder.Configuration["Silo:Listen"] ?? new SiloOptions().Listen);
var metricsListen = new Uri(builder.Configuration["Silo:MetricsListen"] ?? new SiloOptions().MetricsListen);
TransportGuard.Check(builder.Environment, builder.Configuration, listen, metricsListen);
TransportGuard.CheckCluster(builder.Environment, ClusterTransport.Of(builder.Configuration));

builder.Logging.ClearProviders().AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"))
    .AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.WebHost.UseUrls(listen.ToString(), metricsListen.ToString());
builder.WebHost.ConfigureKestrel(kestrel => (kestrel.AddServerHeader, kestrel.Limits.MaxRequestBodySize) = (false, BodyLimit.Other));
builder.AddPool();
builder.Services.AddPoolMetrics();
builder.Services.AddSingleton<PoolOverview>();
builder.Services.AddSingleton<RoutingSnapshot>().AddHostedService(provider => provider.GetRequiredService<RoutingSnapshot>());
builder.Services.AddSingleton<InferenceDispatcher>();
builder.Services.AddSingleton<EventsSocket>().AddHostedService(provider => provider.GetRequiredService<EventsSocket>());
builder.Services.AddWorkerLink(link => (link.PoolId, link.OverGrainCalls) =
    (builder.Configuration["Pool:Id"] ?? new PoolOptions().Id, builder.Configuration.GetValue("Orleans:WorkerClients", false)));
builder.Services.AddOpenApi("v1");
builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));

var app = builder.Build();
app.UseMiddleware<ErrorAnswers>();
app.UseMiddleware<BodyLimit>();
app.UseMiddleware<BrowserHeaders>();
app.UseConsole();
app.UseRouting();
app.UseMiddleware<AccessGuard>();
app.UseWebSockets();

app.MapHealth();
app.MapMetrics(metricsListen);
app.MapKeys();
app.MapParticipants();
app.MapWorkers();
app.MapWorkerLink().Requires(Permission.WorkerLink);
app.MapPool();
app.MapEpochs();
app.MapSettlements();
app.MapLedger();
app.MapInference();
app.MapEngine();
app.MapGet("/ws/events", (HttpContext context, EventsSocket events) => events.Serve(context)).Requires(Permission.Public).ExcludeFromDescription();
app.MapOpenApi("/openapi/{documentName}.json").Requires(Permission.Public);

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"silo ready {listen.GetLeftPart(UriPartial.Authority)}"));
await app.RunAsync();
