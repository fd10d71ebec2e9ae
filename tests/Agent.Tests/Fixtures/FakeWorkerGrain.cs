using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CocoonPool.Domain.Attestation;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Routing;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>A worker's grain as the link sees it: a plain object that writes down every call and answers as told.</summary>
internal sealed class FakeWorkerGrain(WorkerId id) : IWorkerGrain
{
    public byte[]? PublicKey { get; set; }

    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Answers for the next calls of OpenStream; afterwards it accepts.</summary>
    public Queue<Outcome<StreamTerms>> OpenAnswers { get; } = new();

    public Func<WorkerHeartbeat, Outcome> HeartbeatAnswer { get; set; } = _ => Outcome.Done;

    /// <summary>What to answer to receipts; the default acknowledges all of them.</summary>
    public Func<SignedReceipts, ReceiptAnswer> ReceiptAnswer { get; set; } = batch => Acknowledge(batch);

    public Channel<StreamOpened> Opened { get; } = Channel.CreateUnbounded<StreamOpened>();

    public Channel<(string StreamId, string Cause)> Closed { get; } = Channel.CreateUnbounded<(string, string)>();

    public Channel<WorkerHeartbeat> Heartbeats { get; } = Channel.CreateUnbounded<WorkerHeartbeat>();

    public Channel<SignedReceipts> Batches { get; } = Channel.CreateUnbounded<SignedReceipts>();

    public Channel<string> Drains { get; } = Channel.CreateUnbounded<string>();

    public static ReceiptAnswer Acknowledge(SignedReceipts batch) => new([.. batch.Receipts.Select(receipt => Read(receipt).TaskId.Value)], []);

    public static Receipt Read(SubmittedReceipt submitted) =>
        Receipt.TryParse(submitted.Canonical, out var receipt, out var problem) ? receipt : throw new InvalidDataException(problem);

    public Task Enlist() => Task.CompletedTask;

    public Task TasksEnded() => Task.CompletedTask;

    public Task<WorkerDescription?> Describe() => Task.FromResult(PublicKey is null ? null : new WorkerDescription(
        id, new WorkerRegistration(default, "gpu", 1, 1, 1, 1, [], 1000, "", "", PublicKey),
        WorkerState.Active, "", DateTimeOffset.UnixEpoch, "unverified", null, false, 0));

    public Task<Outcome<StreamTerms>> OpenStream(StreamOpened opened)
    {
        if (OpenAnswers.TryDequeue(out var answer))
            return Task.FromResult(answer);
        Opened.Writer.TryWrite(opened);
        return Task.FromResult(Outcome<StreamTerms>.Done(new StreamTerms(HeartbeatInterval, 2000)));
    }

    public Task<RouteReport?> Route() => Task.FromResult<RouteReport?>(null);

    public Task CloseStream(string streamId, string cause)
    {
        Closed.Writer.TryWrite((streamId, cause));
        return Task.CompletedTask;
    }

    public Task<Outcome> Heartbeat(WorkerHeartbeat heartbeat)
    {
        Heartbeats.Writer.TryWrite(heartbeat);
        return Task.FromResult(HeartbeatAnswer(heartbeat));
    }

    public Task<ReceiptAnswer> SubmitReceipts(SignedReceipts batch)
    {
        Batches.Writer.TryWrite(batch);
        return Task.FromResult(ReceiptAnswer(batch));
    }

    public Task<Outcome<WorkerDescription>> Drain(string cause)
    {
        Drains.Writer.TryWrite(cause);
        return Task.FromResult(Outcome<WorkerDescription>.Refused("worker_not_serving", ""));
    }

    public Task<Outcome<WorkerDescription>> Register(WorkerRegistration registration) => throw new NotSupportedException();

    public Task<Outcome<WorkerDescription>> Attest() => throw new NotSupportedException();

    public Task<Outcome<WorkerDescription>> RejectAttestation(AttestationRejection rejection) => throw new NotSupportedException();

    public Task<Outcome<WorkerDescription>> Activate() => throw new NotSupportedException();

    public Task<Outcome<WorkerDescription>> Deactivate(string cause) => throw new NotSupportedException();

    public Task<Outcome<WorkerDescription>> Quarantine(string cause) => throw new NotSupportedException();

    public async IAsyncEnumerable<InferenceItem> Execute(InferenceTask task, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield break;
    }
}
