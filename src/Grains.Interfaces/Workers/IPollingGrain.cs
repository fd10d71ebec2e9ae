namespace CocoonPool.Grains.Workers;

/// <summary>
/// A worker that polls, wherever in the cluster its requests arrive: every silo passes them on to this grain, which lives on the silo
/// that has the worker's session. Key: <c>pool/worker-id</c>. Whoever calls has checked the request's signature against the worker's
/// registered key.
/// <para>
/// Nothing of it is stored. When it moves, because its silo died or stops, the session's tasks are lost as those of a broken stream are:
/// their clients are answered by another worker or told so, and to hand one in is refused with <c>task_not_assigned</c>. The used
/// signatures are lost too, so a request that was captured in the half minute before could be taken once more: it could fetch one
/// task, which goes elsewhere after its lease; a heartbeat or a receipt repeats what the worker itself has said, and there is no task
/// left to hand in.
/// </para>
/// </summary>
[Alias("cocoon.IPollingGrain")]
public interface IPollingGrain : IGrainWithStringKey
{
    /// <summary>Notes that a signed request has been taken. Refused when it was before, at whichever silo, or when there are too many to tell.</summary>
    /// <param name="signed">What was signed, as a name; two signatures of one text have one name.</param>
    [Alias("Use"), AlwaysInterleave]
    Task<Outcome> Use(string signed);

    /// <summary>The next task, from now on under its lease; nothing when there is none within the time. Opens the session when there is none.</summary>
    /// <param name="wait">How long to wait for a task, at most 20 s.</param>
    /// <param name="cancellationToken">The worker hung up: no task is taken for it any more.</param>
    [Alias("Fetch"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<Outcome<FetchedTask>> Fetch(TimeSpan wait, CancellationToken cancellationToken = default);

    /// <summary>
    /// Passes the answer to the client, a streamed one as fast as the client reads: up to an hour and a quarter for the longest body at the
    /// slowest pace that the gateway bears. Refused with <c>task_not_assigned</c> unless the task was fetched, runs, and is handed in for the first time.
    /// </summary>
    /// <param name="cancellationToken">The worker hung up: an answer that was not passed on whole ends as its failure.</param>
    [Alias("Submit"), AlwaysInterleave, ResponseTimeout("01:30:00")]
    Task<Outcome> Submit(PolledResult result, CancellationToken cancellationToken = default);

    /// <summary>The worker is there. Opens the session when there is none.</summary>
    /// <param name="runningTasks">What the worker says that it runs.</param>
    [Alias("Beat"), AlwaysInterleave]
    Task<Outcome<NextHeartbeat>> Beat(int runningTasks, int gpuUtilizationPercent, CancellationToken cancellationToken = default);
}

/// <summary>Why a poll is refused. Each may be tried again with a new signature, except a task that is not the worker's any more.</summary>
public static class PollRefusals
{
    public const string SignatureUsed = "signature_used";
    public const string TooManySignatures = "too_many_signatures";
    public const string TooManySessions = "too_many_sessions";
    public const string NotOpened = "session_not_opened";
    public const string Ended = "session_ended";

    /// <summary>The silo of the grain stops and opens no sessions; the next poll finds the grain on another one.</summary>
    public const string Stopping = "silo_stopping";
    public const string TaskNotAssigned = "task_not_assigned";
}

/// <param name="Assignment">Null when there was none.</param>
[GenerateSerializer, Immutable, Alias("cocoon.FetchedTask")]
public sealed record FetchedTask([property: Id(0)] PolledAssignment? Assignment);

/// <summary>A task as a polling worker gets it; see <see cref="InferenceTask"/>.</summary>
[GenerateSerializer, Immutable, Alias("cocoon.PolledAssignment")]
public sealed record PolledAssignment(
    [property: Id(0)] string Task,
    [property: Id(1)] string Ticket,
    [property: Id(2)] string Route,
    [property: Id(3)] string Model,
    [property: Id(4)] bool Stream,
    [property: Id(5)] byte[] Body);

/// <param name="Status">200, or what describes the failure; see <see cref="InferenceEnd"/>.</param>
/// <param name="Chunks">The OpenAI chunks of a streamed answer, in order, JSON in UTF-8.</param>
/// <param name="Body">The whole answer of a task that does not stream, or the back end's error document.</param>
[GenerateSerializer, Immutable, Alias("cocoon.PolledResult")]
public sealed record PolledResult(
    [property: Id(0)] string Task,
    [property: Id(1)] int Status,
    [property: Id(2)] byte[][] Chunks,
    [property: Id(3)] byte[]? Body,
    [property: Id(4)] TokenUsage? Usage,
    [property: Id(5)] string? Code,
    [property: Id(6)] string? Message);

/// <param name="Delay">How long to wait before it is sent.</param>
[GenerateSerializer, Immutable, Alias("cocoon.NextHeartbeat")]
public sealed record NextHeartbeat([property: Id(0)] TimeSpan Delay);
