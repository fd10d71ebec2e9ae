using System.Net.WebSockets;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Client.Agent.Link;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Client.Agent.Receipts;
using CocoonPool.Client.Agent.Registration;
using CocoonPool.Client.Agent.Tasks;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Client.Agent;

/// <summary>How a run of the agent ended.</summary>
internal enum AgentExit
{
    /// <summary>It was asked to leave and did.</summary>
    Left = 0,

    /// <summary>The pool will not have this worker; somebody has to act first.</summary>
    Refused = 2,

    /// <summary>Another process with the same worker took over; coming back would throw that one out again.</summary>
    Replaced = 3,
}

/// <summary>The agent as a whole: registered, connected, reconnected, and in the end drained.</summary>
/// <param name="registrar">Null when the worker is registered by somebody else.</param>
internal sealed partial class WorkerAgent(
    AgentConfiguration configuration,
    WorkerId id,
    WorkerKey key,
    IReadOnlyDictionary<string, HostedModel> models,
    ReceiptStore store,
    Registrar? registrar,
    AgentStatus status,
    AgentTiming timing,
    TimeProvider time,
    ILoggerFactory loggers)
{
    /// <summary>How long the pool may take to close a stream after the goodbye.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = loggers.CreateLogger<WorkerAgent>();
    private readonly GpuSampler _gpus = new(configuration.Worker, time);
    private readonly PoolConnection _pool = new(
        configuration.Worker.Cluster is { } cluster ? ClusterTransport.Of(cluster) : new WebSocketTransport(), id, key, time);
    private readonly PoolAddresses _addresses = new(configuration.Worker.PoolUrls, Random.Shared.NextDouble);
    private bool _registered = registrar is null;

    /// <summary>Called whenever the pool has welcomed this worker.</summary>
    public Action Ready { get; init; } = () => { };

    /// <param name="leave">Drain, then end.</param>
    /// <param name="abort">End now.</param>
    public async Task<AgentExit> Run(CancellationToken leave, CancellationToken abort)
    {
        using var receipts = new ReceiptOffice(store, key, timing, time, loggers.CreateLogger<ReceiptOffice>());
        status.WaitingReceipts = () => receipts.Waiting;
        var keeping = receipts.Run(abort);
        try
        {
            return await KeepConnected(receipts, leave, abort);
        }
        finally
        {
            receipts.Finish();
            await keeping;
        }
    }

    private async Task<AgentExit> KeepConnected(ReceiptOffice receipts, CancellationToken leave, CancellationToken abort)
    {
        var backoff = new Backoff(timing.ReconnectFirst, timing.ReconnectLongest, Random.Shared.NextDouble);
        while (!leave.IsCancellationRequested)
        {
            var address = _addresses.Current;
            try
            {
                await Register(leave);
                var stream = await Open(address, leave);
                backoff.Succeeded();
                _addresses.Succeeded();
                var reason = await Serve(stream, receipts, leave, abort);
                status.Disconnected(reason);
                LogDisconnected(reason);
            }
            catch (RegistrationRefusedException refusal)
            {
                LogRegistrationRefused(refusal.Message);
                return AgentExit.Refused;
            }
            catch (LinkRefusedException refusal) when (refusal.Code is LinkErrors.Replaced)
            {
                LogReplaced();
                return AgentExit.Replaced;
            }
            catch (LinkRefusedException refusal)
            {
                // Its registration or state may have changed; look at both before the next attempt.
                _registered = registrar is null;
                status.Disconnected($"{refusal.Code}: {refusal.Message}");
                LogRefused(refusal.Code, refusal.Message);
            }
            catch (Exception exception) when (exception is WebSocketException or HttpRequestException or IOException or TimeoutException)
            {
                status.Disconnected(exception.Message);
                LogUnreachable(exception.Message);
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                break;
            }
            _addresses.Failed(address);
            // Another server of the pool can be asked nearly at once; only when all of them have failed it takes patience.
            var pause = _addresses.AllFailed ? backoff.Next() : timing.Hop * Random.Shared.NextDouble();
            await Task.Delay(pause, time, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return AgentExit.Left;
    }

    private async Task Register(CancellationToken leave)
    {
        if (_registered)
            return;
        status.Registering("");
        await registrar!.EnsureActive(leave);
        _registered = true;
    }

    private async Task<OpenStream> Open(Uri address, CancellationToken leave)
    {
        status.Connecting(address.Authority);
        using var patience = new CancellationTokenSource(timing.Handshake, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, leave);
        try
        {
            return await _pool.Open(address, either.Token);
        }
        catch (OperationCanceledException exception) when (!leave.IsCancellationRequested)
        {
            throw new TimeoutException("The pool did not answer in time.", exception);
        }
    }

    private async Task<string> Serve(OpenStream stream, ReceiptOffice receipts, CancellationToken leave, CancellationToken abort)
    {
        using var socket = stream.Socket;
        var welcome = stream.Welcome;
        status.Connected(welcome.StreamId);
        LogConnected(welcome.StreamId, stream.ClockSkew.TotalMilliseconds);
        Ready();
        var outbox = new LinkOutbox(socket);
        var tasks = new TaskTable(models, Terms(welcome.Multipliers), receipts, status, outbox, time, loggers.CreateLogger<TaskTable>());
        status.RunningTasks = () => tasks.Count;
        var heartbeats = new HeartbeatLoop(welcome, configuration.Monitoring.HeartbeatInterval, () => tasks.Count, _gpus.UtilizationPercent, time);
        using var session = new LinkSession(stream, outbox, tasks, receipts, heartbeats, status, loggers.CreateLogger<LinkSession>());
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var serving = session.Serve(cut.Token);
        await WaitForEither(serving, leave);
        if (!serving.IsCompleted)
        {
            status.Draining();
            LogDraining(tasks.Count);
            using var deadline = new CancellationTokenSource(timing.Drain, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, abort);
            await session.Leave(timing, time, either.Token);
            cut.CancelAfter(Farewell);
        }
        return await serving;
    }

    private static async Task WaitForEither(Task serving, CancellationToken leave)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = leave.Register(asked.SetResult);
        await Task.WhenAny(serving, asked.Task);
    }

    private TaskTerms Terms(MultiplierPart multipliers) => new(
        id, configuration.Worker.Participant, configuration.Worker.Coefficient,
        new TokenMultipliers(multipliers.Prompt, multipliers.Cached, multipliers.Completion, multipliers.Reasoning));
}
