using CocoonPool.Domain.Attestation;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Routing;

namespace CocoonPool.Grains.Workers;

/// <summary>
/// One worker: its registration, state, uptime and open stream. Key: <c>pool/worker-id</c>. Lives on the silo that holds the
/// worker's stream, so that tokens never cross the cluster twice.
/// </summary>
[Alias("cocoon.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Registers the worker for a participant. The same registration again succeeds; another one for a taken id is refused.</summary>
    [Alias("Register")]
    Task<Outcome<WorkerDescription>> Register(WorkerRegistration registration);

    [Alias("Describe")]
    Task<WorkerDescription?> Describe();

    /// <summary>Writes the worker's row of the directory anew: asked when a change was announced and the row may not have it.</summary>
    [Alias("Enlist")]
    Task Enlist();

    /// <summary>Judges the evidence under the pool's attestation policy; with the policy <c>off</c> the verdict is <c>unverified</c> and accepted.</summary>
    [Alias("Attest")]
    Task<Outcome<WorkerDescription>> Attest();

    /// <summary>
    /// Shuts the worker out because its attestation was lost or found wrong; its uptime ends with the last heartbeat before. Where
    /// somebody must have deceived, a slash follows. Repeating it changes nothing.
    /// </summary>
    [Alias("RejectAttestation")]
    Task<Outcome<WorkerDescription>> RejectAttestation(AttestationRejection rejection);

    /// <summary>Lets the worker take work, if the participant's stake reaches the tier.</summary>
    [Alias("Activate")]
    Task<Outcome<WorkerDescription>> Activate();

    /// <summary>Finishes running tasks and takes no new ones.</summary>
    [Alias("Drain")]
    Task<Outcome<WorkerDescription>> Drain(string cause);

    [Alias("Deactivate")]
    Task<Outcome<WorkerDescription>> Deactivate(string cause);

    [Alias("Quarantine")]
    Task<Outcome<WorkerDescription>> Quarantine(string cause);

    /// <summary>
    /// The worker's stream was opened on this silo and its hello was proven with the worker's key. Answers the heartbeat interval.
    /// Refused with <c>elsewhere</c> when this activation lives on another silo: it then leaves, and the caller tries again.
    /// </summary>
    [Alias("OpenStream"), AlwaysInterleave]
    Task<Outcome<StreamTerms>> OpenStream(StreamOpened opened);

    /// <summary>The stream with this id has ended. An id that is not the current one changes nothing.</summary>
    [Alias("CloseStream"), AlwaysInterleave]
    Task CloseStream(string streamId, string cause);

    /// <summary>The worker's line for the routing table, or null when it takes no work here and now. A router that starts anew asks for it.</summary>
    [Alias("Route"), AlwaysInterleave]
    Task<RouteReport?> Route();

    /// <summary>Credits uptime and keeps the worker routable. Out-of-order and repeated heartbeats credit nothing.</summary>
    [Alias("Heartbeat"), AlwaysInterleave]
    Task<Outcome> Heartbeat(WorkerHeartbeat heartbeat);

    /// <summary>
    /// Checks a signed batch of receipts and makes them durable contributions. Answers only after the commit; a receipt that is
    /// neither in Acknowledged nor in Refused must be sent again.
    /// </summary>
    [Alias("SubmitReceipts"), AlwaysInterleave]
    Task<ReceiptAnswer> SubmitReceipts(SignedReceipts batch);

    /// <summary>
    /// Serves one task through the worker's stream and yields what the worker sends as it arrives. The last item has an
    /// <see cref="InferenceItem.End"/>. Giving up the enumeration cancels the work at the worker. A request on the silo of the stream
    /// takes the stream itself, which the grain lends to it, and spares the call.
    /// </summary>
    [Alias("Execute"), AlwaysInterleave]
    IAsyncEnumerable<InferenceItem> Execute(InferenceTask task, CancellationToken cancellationToken = default);

    /// <summary>The last task that used the worker's stream directly has ended: a drain that waited for it is over. Otherwise without effect.</summary>
    [Alias("TasksEnded"), AlwaysInterleave]
    Task TasksEnded();
}

/// <param name="PublicKey">ECDSA P-256, SubjectPublicKeyInfo DER.</param>
/// <param name="Coefficient">Price per mille: 1000 = 1.0×.</param>
[GenerateSerializer, Immutable, Alias("cocoon.WorkerRegistration")]
public sealed record WorkerRegistration(
    [property: Id(0)] TonAddress Participant,
    [property: Id(1)] string GpuModel,
    [property: Id(2)] int GpuCount,
    [property: Id(3)] int VramGb,
    [property: Id(4)] int CpuCores,
    [property: Id(5)] int RamGb,
    [property: Id(6)] ModelOffer[] Models,
    [property: Id(7)] int Coefficient,
    [property: Id(8)] string Region,
    [property: Id(9)] string Software,
    [property: Id(10)] byte[] PublicKey);

[GenerateSerializer, Immutable, Alias("cocoon.ModelOffer")]
public sealed record ModelOffer([property: Id(0)] string Name, [property: Id(1)] int MaxContextLength, [property: Id(2)] int MaxConcurrency);

[GenerateSerializer, Immutable, Alias("cocoon.WorkerDescription")]
public sealed record WorkerDescription(
    [property: Id(0)] WorkerId Id,
    [property: Id(1)] WorkerRegistration Registration,
    [property: Id(2)] WorkerState State,
    [property: Id(3)] string StateCause,
    [property: Id(4)] DateTimeOffset StateSince,
    [property: Id(5)] string AttestationVerdict,
    [property: Id(6)] DateTimeOffset? LastHeartbeatAt,
    [property: Id(7)] bool Connected,
    [property: Id(8)] int RunningTasks);

[GenerateSerializer, Immutable, Alias("cocoon.StreamOpened")]
public sealed record StreamOpened([property: Id(0)] string StreamId, [property: Id(1)] string Software);

[GenerateSerializer, Immutable, Alias("cocoon.StreamTerms")]
public sealed record StreamTerms([property: Id(0)] TimeSpan HeartbeatInterval, [property: Id(1)] int TargetLatencyMilliseconds);

/// <param name="Sequence">Counts up within one stream.</param>
[GenerateSerializer, Immutable, Alias("cocoon.WorkerHeartbeat")]
public sealed record WorkerHeartbeat(
    [property: Id(0)] string StreamId,
    [property: Id(1)] long Sequence,
    [property: Id(2)] int RunningTasks,
    [property: Id(3)] int GpuUtilizationPercent);

/// <summary>One request for one worker.</summary>
/// <param name="Ticket">The pool's proof that it assigned this task to this worker (see AssignmentTicket); comes back with the receipt.</param>
/// <param name="Route">Which OpenAI route the body is for: <c>chat/completions</c> or <c>completions</c>.</param>
/// <param name="Body">The client's JSON body, UTF-8, passed on as it came.</param>
[GenerateSerializer, Immutable, Alias("cocoon.InferenceTask")]
public sealed record InferenceTask(
    [property: Id(0)] TaskId Id,
    [property: Id(1)] string Ticket,
    [property: Id(2)] string Route,
    [property: Id(3)] string Model,
    [property: Id(4)] bool Stream,
    [property: Id(5)] byte[] Body,
    [property: Id(6)] string? Traceparent = null);

/// <summary>Something the worker sent for a task: a piece of the answer, or its end.</summary>
/// <param name="Data">One OpenAI chunk (streaming) or the whole answer (not streaming), UTF-8 JSON; empty when this is only the end.</param>
/// <param name="Tokens">How many completion tokens the piece holds, by the gateway's count.</param>
[GenerateSerializer, Immutable, Alias("cocoon.InferenceItem")]
public sealed record InferenceItem(
    [property: Id(0)] byte[] Data,
    [property: Id(1)] int Tokens,
    [property: Id(2)] InferenceEnd? End);

/// <param name="Status">200, or the HTTP status that describes the failure (4xx the client's fault, 429/503 back-pressure, 499 cancelled, else the worker's).</param>
/// <param name="Code">Null on success, else a code such as <c>worker_lost</c>.</param>
/// <param name="Usage">What the back end says it used, if it says so; the gateway compares it with what it saw.</param>
[GenerateSerializer, Immutable, Alias("cocoon.InferenceEnd")]
public sealed record InferenceEnd(
    [property: Id(0)] int Status,
    [property: Id(1)] string? Code,
    [property: Id(2)] string Message,
    [property: Id(3)] TokenUsage? Usage = null);

/// <summary>The tokens of one answer; see <see cref="TokenCounts"/>.</summary>
[GenerateSerializer, Immutable, Alias("cocoon.TokenUsage")]
public sealed record TokenUsage(
    [property: Id(0)] long Prompt,
    [property: Id(1)] long Cached,
    [property: Id(2)] long Completion,
    [property: Id(3)] long Reasoning);

/// <summary>Receipts under one signature: the Merkle root over their canonical bytes, signed with the worker's key.</summary>
/// <param name="Signature">ECDSA P-256 over SHA-256 of <c>"cocoon-receipts/1\n"</c> and the 32 bytes of the root; IEEE P1363, 64 bytes.</param>
[GenerateSerializer, Immutable, Alias("cocoon.SignedReceipts")]
public sealed record SignedReceipts(
    [property: Id(0)] byte[] Root,
    [property: Id(1)] byte[] Signature,
    [property: Id(2)] SubmittedReceipt[] Receipts);

[GenerateSerializer, Immutable, Alias("cocoon.SubmittedReceipt")]
public sealed record SubmittedReceipt([property: Id(0)] byte[] Canonical, [property: Id(1)] string Ticket);

[GenerateSerializer, Immutable, Alias("cocoon.ReceiptAnswer")]
public sealed record ReceiptAnswer([property: Id(0)] string[] Acknowledged, [property: Id(1)] RefusedReceipt[] Refused);

[GenerateSerializer, Immutable, Alias("cocoon.RefusedReceipt")]
public sealed record RefusedReceipt([property: Id(0)] string TaskId, [property: Id(1)] string Code, [property: Id(2)] string Message);

/// <param name="Reason">What was found, for the participant and whoever judges an appeal.</param>
/// <param name="Evidence">What the worker presented, as text such as base64; kept with the report, because nobody else keeps it.</param>
[GenerateSerializer, Immutable, Alias("cocoon.AttestationRejection")]
public sealed record AttestationRejection([property: Id(0)] AttestationFault Fault, [property: Id(1)] string Reason, [property: Id(2)] string Evidence);
