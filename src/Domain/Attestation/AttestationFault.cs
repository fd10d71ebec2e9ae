namespace CocoonPool.Domain.Attestation;

/// <summary>What is wrong with a worker's attestation. The number is not stored.</summary>
public enum AttestationFault
{
    /// <summary>It was not renewed in time, or cannot be obtained any more.</summary>
    Lost = 0,

    /// <summary>It is genuine and shows an image that the pool does not allow.</summary>
    ImageNotAllowed = 1,

    /// <summary>It is genuine and shows a machine that can be debugged: everything on it can be read and changed.</summary>
    Debuggable = 2,

    /// <summary>Its signatures do not lead to the maker of the hardware.</summary>
    BadSignature = 3,

    /// <summary>It is bound to another worker's key: borrowed from a machine that is in order.</summary>
    OtherKey = 4,

    /// <summary>It is bound to a nonce that was asked before: kept from a time when the machine was in order.</summary>
    OldNonce = 5,
}

/// <summary>Which faults shut a worker out, and which of them are its participant's offence as well.</summary>
public static class AttestationRules
{
    /// <summary>
    /// Whether somebody must have tried to deceive. A lost attestation, a new image or a wrong setting happen to honest people: the
    /// worker is shut out until it is in order, and nobody is accused. Evidence that was made up, borrowed or kept is an offence.
    /// </summary>
    public static bool IsOffence(AttestationFault fault) => fault is AttestationFault.BadSignature or AttestationFault.OtherKey or AttestationFault.OldNonce;

    /// <summary>The fault in words, for the worker's owner.</summary>
    public static string Describe(AttestationFault fault) => fault switch
    {
        AttestationFault.Lost => "its attestation was not renewed",
        AttestationFault.ImageNotAllowed => "its image is not in the pool's list",
        AttestationFault.Debuggable => "its machine can be debugged",
        AttestationFault.BadSignature => "its attestation is not signed by the maker of the hardware",
        AttestationFault.OtherKey => "its attestation belongs to another key",
        AttestationFault.OldNonce => "its attestation answers an older question",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
