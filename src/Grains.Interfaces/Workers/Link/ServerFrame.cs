using System.Text.Json.Serialization;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>What the pool says. A frame of unknown type is read as this base record itself and ignored by agents.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(ChallengeFrame), "challenge")]
[JsonDerivedType(typeof(WelcomeFrame), "welcome")]
[JsonDerivedType(typeof(AssignFrame), "assign")]
[JsonDerivedType(typeof(CreditFrame), "credit")]
[JsonDerivedType(typeof(CancelFrame), "cancel")]
[JsonDerivedType(typeof(AckFrame), "ack")]
[JsonDerivedType(typeof(DrainFrame), "drain")]
[JsonDerivedType(typeof(HeartbeatAckFrame), "heartbeat_ack")]
[JsonDerivedType(typeof(ErrorFrame), "error")]
public record ServerFrame;

/// <summary>The first frame of every stream.</summary>
/// <param name="Nonce">32 random bytes as base64; the text itself goes into the signature.</param>
/// <param name="ServerTime">Lets the agent judge its clock.</param>
public sealed record ChallengeFrame(string Nonce, string Pool, int Protocol, DateTimeOffset ServerTime) : ServerFrame;

/// <summary>The hello was accepted.</summary>
/// <param name="MaxBatch">Largest number of receipts in one frame.</param>
public sealed record WelcomeFrame(
    string StreamId, int HeartbeatIntervalMs, int TargetLatencyMs, MultiplierPart Multipliers, int MaxBatch) : ServerFrame;

/// <summary>Per class, in units of 1/10000.</summary>
public sealed record MultiplierPart(int Prompt, int Cached, int Completion, int Reasoning);

/// <param name="Ticket">Opaque; comes back with the receipt.</param>
/// <param name="Route"><c>chat/completions</c> or <c>completions</c>.</param>
/// <param name="Body">The client's request as it came.</param>
/// <param name="Credits">How many pieces the agent may send before it is given more.</param>
/// <param name="Traceparent">The trace that the task belongs to, as W3C Trace Context writes it; absent when there is none.</param>
public sealed record AssignFrame(
    string Task, string Ticket, string Route, string Model, bool Stream, RawJson Body, int Credits, string? Traceparent = null) : ServerFrame;

/// <param name="N">How many further pieces the agent may send.</param>
public sealed record CreditFrame(string Task, int N) : ServerFrame;

/// <summary>Nobody waits for the answer any more. The agent stops the work and confirms with <c>failed</c> 499 (or <c>done</c> when it was faster).</summary>
public sealed record CancelFrame(string Task, string Reason) : ServerFrame;

/// <summary>Answers one <c>receipts</c> frame. A receipt that is in neither list must be sent again.</summary>
/// <param name="Root">The root of the batch that is answered.</param>
public sealed record AckFrame(byte[] Root, string[] Receipts, RefusedPart[] Refused) : ServerFrame;

public sealed record RefusedPart(string Task, string Code, string Message);

/// <summary>The pool wants no more of this worker for now: finish what runs.</summary>
public sealed record DrainFrame : ServerFrame;

/// <param name="NextMs">When to send the next heartbeat.</param>
public sealed record HeartbeatAckFrame(long Seq, int NextMs) : ServerFrame;

/// <param name="Code">A stable name; see <see cref="LinkErrors"/>.</param>
/// <param name="Fatal">The stream is closed after this frame.</param>
/// <param name="Task">The task that is meant, when it is about one.</param>
public sealed record ErrorFrame(string Code, string Message, bool Fatal, string? Task = null) : ServerFrame;
