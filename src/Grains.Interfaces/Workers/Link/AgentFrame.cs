using System.Text.Json.Serialization;

namespace CocoonPool.Grains.Workers.Link;

/// <summary>
/// What an agent says. A frame whose type nobody knows is read as this base record itself, so that a newer agent is
/// answered with an error frame and not with a closed stream.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(HelloFrame), "hello")]
[JsonDerivedType(typeof(TokensFrame), "tokens")]
[JsonDerivedType(typeof(DoneFrame), "done")]
[JsonDerivedType(typeof(FailedFrame), "failed")]
[JsonDerivedType(typeof(ReceiptsFrame), "receipts")]
[JsonDerivedType(typeof(HeartbeatFrame), "heartbeat")]
[JsonDerivedType(typeof(DrainingFrame), "draining")]
[JsonDerivedType(typeof(ByeFrame), "bye")]
public record AgentFrame;

/// <summary>Answers the challenge: who this is, proven with the worker's key.</summary>
/// <param name="PublicKey">ECDSA P-256, SubjectPublicKeyInfo DER.</param>
/// <param name="Signature">See <see cref="HelloProof"/>.</param>
/// <param name="Software">Name and version, such as <c>cocoon-worker/0.1.0</c>.</param>
public sealed record HelloFrame(int Protocol, string WorkerId, byte[] PublicKey, byte[] Signature, string Software) : AgentFrame;

/// <summary>Pieces of a streamed answer, as many as arrived together. Every piece takes one credit.</summary>
public sealed record TokensFrame(string Task, TokenChunk[] Chunks) : AgentFrame;

/// <param name="Data">One OpenAI chunk, JSON as text.</param>
/// <param name="N">Completion tokens in it, as the agent counts; the pool counts for itself.</param>
public sealed record TokenChunk(Utf8Text Data, int N);

/// <summary>The task succeeded; all its pieces were sent before.</summary>
/// <param name="Body">The whole answer when the task does not stream.</param>
/// <param name="Usage">What the back end says it used: the pool cannot see the prompt's tokens in a stream.</param>
public sealed record DoneFrame(string Task, int Status, Utf8Text? Body = null, UsagePart? Usage = null) : AgentFrame;

/// <summary>Tokens as in an OpenAI <c>usage</c>: cached ones are part of the prompt, reasoning ones of the completion.</summary>
public sealed record UsagePart(long Prompt, long Cached, long Completion, long Reasoning);

/// <summary>The task ended without success. Also confirms a cancel, with status 499.</summary>
/// <param name="Status">4xx: the client's fault; 429 and 503: back-pressure; 499: cancelled; else the worker's fault.</param>
/// <param name="Body">The back end's own error document when there is one for the client.</param>
public sealed record FailedFrame(string Task, int Status, string Code, string Message, Utf8Text? Body = null) : AgentFrame;

/// <summary>Receipts under one signature; see <see cref="ReceiptSeal"/>.</summary>
public sealed record ReceiptsFrame(byte[] Root, byte[] Signature, ReceiptPart[] Receipts) : AgentFrame;

public sealed record ReceiptPart(byte[] Canonical, string Ticket);

/// <param name="Seq">Counts up from 1 within one stream.</param>
/// <param name="GpuUtilization">Percent, mean over the GPUs; 0 when there is none to ask.</param>
public sealed record HeartbeatFrame(long Seq, int Running, int GpuUtilization, DateTimeOffset SentAt) : AgentFrame;

/// <summary>The agent finishes what runs and leaves afterwards; no task must be assigned any more.</summary>
public sealed record DrainingFrame : AgentFrame;

/// <summary>The agent leaves now and on purpose.</summary>
public sealed record ByeFrame : AgentFrame;
