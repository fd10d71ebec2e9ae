using System.CommandLine;
using System.Runtime.InteropServices;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Backends.OpenAi;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Client.Agent.Link;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Client.Agent.Receipts;
using CocoonPool.Client.Agent.Registration;
using CocoonPool.Client.Agent.Tracing;
using CocoonPool.Domain.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Console;

namespace CocoonPool.Client.Agent.Commands;

/// <summary><c>run</c>: the agent itself. The first SIGTERM or SIGINT drains it, the second ends it at once.</summary>
internal static class RunCommand
{
    private static readonly Option<int> DrainSeconds = new("--drain-seconds")
    {
        Description = "How long running tasks may go on after SIGTERM.",
        DefaultValueFactory = _ => 60,
    };

    private static readonly Option<bool> JsonLog = new("--json-log") { Description = "Log JSON lines." };

    public static Command Create()
    {
        var command = new Command("run", "Connect to the pool and serve.") { DrainSeconds, JsonLog };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult result, CancellationToken cancellationToken)
    {
        if (CommandOptions.Load(result) is not { } configuration)
            return 1;
        var timing = new AgentTiming { Drain = TimeSpan.FromSeconds(Math.Clamp(result.GetValue(DrainSeconds), 0, 3600)) };
        using var loggers = Loggers(result.GetValue(JsonLog));
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abort = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, leave, abort));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, leave, abort));
        try
        {
            return await Run(configuration, timing, loggers, leave, abort.Token);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> Run(
        AgentConfiguration configuration, AgentTiming timing, ILoggerFactory loggers, CancellationTokenSource leave, CancellationToken abort)
    {
        var time = TimeProvider.System;
        using var key = WorkerKey.LoadOrCreate(configuration.Worker.StateDirectory);
        using var store = new ReceiptStore(Path.Combine(configuration.Worker.StateDirectory, "receipts"), loggers.CreateLogger<ReceiptStore>());
        using var backends = OpenAiBackend.NewClient();
        using var pool = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var id = configuration.Worker.Id ?? key.DerivedId;
        var status = new AgentStatus(time);
        using var spans = SpanExport.Start(configuration.Monitoring.TracesUrl, id.Value);
        await using var monitoring = await Monitor(configuration, id, status, leave);
        var registrar = await Registrar(configuration, pool, id, key, status, timing, time, loggers);
        var agent = new WorkerAgent(
            configuration, id, key, BackendCatalog.Create(configuration, backends, time), store, registrar, status, timing, time, loggers)
        {
            Ready = new FirstTime(() => Console.WriteLine($"worker ready {id}")).Call,
        };
        return (int)await agent.Run(leave.Token, abort);
    }

    private static async Task<WebApplication?> Monitor(AgentConfiguration configuration, WorkerId id, AgentStatus status, CancellationTokenSource leave) =>
        configuration.Monitoring.MetricsPort == 0
            ? null
            : await MonitoringPort.Start(configuration.Monitoring.MetricsPort, id.Value, string.Join(", ", configuration.Worker.PoolUrls.Select(url => url.Authority)), status, leave.Cancel);

    private static async Task<Registrar?> Registrar(
        AgentConfiguration configuration, HttpClient pool, WorkerId id, WorkerKey key, AgentStatus status, AgentTiming timing, TimeProvider time, ILoggerFactory loggers)
    {
        if (configuration.Worker.ParticipantKeyFile is not { } file)
            return null;
        var apiKey = (await File.ReadAllTextAsync(file)).Trim();
        return new Registrar(
            new PoolApi(pool, new PoolAddresses(configuration.Worker.PoolUrls, Random.Shared.NextDouble), apiKey), configuration, id, key, status, timing, time, loggers.CreateLogger<Registrar>());
    }

    private static ILoggerFactory Loggers(bool json) => LoggerFactory.Create(builder =>
    {
        // The client's request log would write every call to the back end.
        builder.SetMinimumLevel(LogLevel.Information).AddFilter("System.Net.Http", LogLevel.Warning);
        if (json)
        {
            builder.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
        else
        {
            builder.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
    });

    /// <summary>Whoever started the agent waits for one line; reconnecting is no second start.</summary>
    private sealed class FirstTime(Action action)
    {
        private Action? _action = action;

        public void Call() => Interlocked.Exchange(ref _action, null)?.Invoke();
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource leave, CancellationTokenSource abort)
    {
        context.Cancel = true;
        if (leave.IsCancellationRequested)
            abort.Cancel();
        else
            leave.Cancel();
    }
}
