namespace CocoonPool.Grains.Workers.Link;

/// <summary>The codes of error frames. A refusal of the worker grain is passed on under its own code.</summary>
public static class LinkErrors
{
    public const string HelloExpected = "hello_expected";
    public const string HelloTimeout = "hello_timeout";
    public const string UnsupportedProtocol = "unsupported_protocol";
    public const string UnknownWorker = "unknown_worker";
    public const string BadSignature = "bad_signature";

    /// <summary>Another stream of the same worker took over; this agent must not come back by itself.</summary>
    public const string Replaced = "replaced";
    public const string FrameTooLarge = "frame_too_large";
    public const string TextExpected = "text_expected";
    public const string MalformedFrame = "malformed_frame";
    public const string UnknownType = "unknown_type";
    public const string UnknownTask = "unknown_task";

    /// <summary>Pieces were sent without credit.</summary>
    public const string NoCredit = "no_credit";
    public const string ChunkTooLarge = "chunk_too_large";
    public const string TooManyReceipts = "too_many_receipts";
    public const string TooManyMistakes = "too_many_mistakes";
    public const string NotReading = "not_reading";
    public const string GoingAway = "going_away";
    public const string Unavailable = "unavailable";

    /// <summary>The pool takes no streams over grain calls.</summary>
    public const string TransportNotOffered = "transport_not_offered";
}
