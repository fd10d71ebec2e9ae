using System.Collections.Immutable;
using CocoonPool.Client.Agent;
using CocoonPool.Client.Agent.Backends;
using CocoonPool.Client.Agent.Backends.Demo;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Client.Agent.Receipts;
using CocoonPool.Client.Agent.Tasks;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>The real agent with a directory of its own; started and stopped as the test wants.</summary>
internal sealed class AgentUnderTest : IAsyncDisposable
{
    public static readonly NgramModel Model = NgramModel.TrainOnEmbeddedText();

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _leave = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ReceiptStore _store;
    private Task<AgentExit>? _running;

    public AgentUnderTest()
    {
        Key = WorkerKey.LoadOrCreate(_directory.Path);
        _store = new ReceiptStore(Path.Combine(_directory.Path, "receipts"), NullLogger<ReceiptStore>.Instance);
        Backend = new DemoBackend(Model, new DemoOptions(TimeSpan.Zero), TimeProvider.System);
    }

    public static WorkerId Id => new("worker-under-test");

    public WorkerKey Key { get; }

    public IInferenceBackend Backend { get; set; }

    public int MaxConcurrency { get; set; } = 4;

    public int UnsettledReceipts => _store.Count;

    public Task<AgentExit> Exit => _running!;

    /// <summary>Starts the agent as a worker that the pool knows, and waits until its stream is open.</summary>
    public async Task<FakeWorkerGrain> Connect(PoolUnderTest pool)
    {
        var grain = Start(pool);
        await grain.Opened.Next();
        return grain;
    }

    public FakeWorkerGrain Start(PoolUnderTest pool) => Start(pool, [pool.Url]);

    /// <param name="addresses">The pool's addresses as in the agent's file.</param>
    public FakeWorkerGrain Start(PoolUnderTest pool, ImmutableArray<Uri> addresses)
    {
        var grain = pool.Worker(Id);
        grain.PublicKey ??= Key.PublicKey;
        var section = new ModelSection("test-model", new Uri("demo:"), null, MaxConcurrency, 4096);
        var configuration = new AgentConfiguration(
            new WorkerSection(addresses, TonAddress.Parse("0:" + new string('a', 64)), Id, 1000, [0], "here", null, _directory.Path),
            [section], new TeeSection(TeeKind.None, null), new CocoonSection(null), new MonitoringSection(0, null));
        var timing = new AgentTiming
        {
            ReceiptFlush = TimeSpan.FromMilliseconds(5),
            ReceiptRetry = TimeSpan.FromMilliseconds(10),
            ReconnectFirst = TimeSpan.FromMilliseconds(20),
            ReconnectLongest = TimeSpan.FromMilliseconds(100),
            Hop = TimeSpan.FromMilliseconds(10),
        };
        var agent = new WorkerAgent(
            configuration, Id, Key, new Dictionary<string, HostedModel>(StringComparer.Ordinal) { ["test-model"] = new(section, Backend) },
            _store, null, new AgentStatus(TimeProvider.System), timing, TimeProvider.System, NullLoggerFactory.Instance);
        _running = agent.Run(_leave.Token, _abort.Token);
        return grain;
    }

    /// <summary>As SIGTERM does.</summary>
    public Task<AgentExit> Leave()
    {
        _leave.Cancel();
        return Exit.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await _abort.CancelAsync();
        if (_running is not null)
            await _running.Soon();
        _store.Dispose();
        Key.Dispose();
        _leave.Dispose();
        _abort.Dispose();
        _directory.Dispose();
    }
}
