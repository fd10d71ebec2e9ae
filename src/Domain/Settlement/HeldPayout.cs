using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Settlement;

/// <summary>Why an entry of an epoch is not sent with the others. The number is stored; a name never changes its number.</summary>
public enum HoldReason
{
    /// <summary>Its participant chose to claim.</summary>
    ClaimSchedule = 0,

    /// <summary>Payouts to its participant are frozen.</summary>
    PayoutsFrozen = 1,

    /// <summary>It cannot be paid where it says: the pool or the chain gateway refuses it before anything is signed.</summary>
    Unpayable = 2,

    /// <summary>The contract refused a batch because of it.</summary>
    RefusedByContract = 3,
}

/// <summary>How far a held entry is on its way to its owner: <c>withheld → releasing → claimable → claimed</c>, never back.</summary>
public enum HoldState
{
    /// <summary>Reserved in the books only: on chain nobody can claim it.</summary>
    Withheld = 0,

    /// <summary>A message of the settlement makes it claimable.</summary>
    Releasing = 1,

    /// <summary>The contract pays it to whoever shows the proof, to the account that the tree names.</summary>
    Claimable = 2,

    /// <summary>Claimed on chain and booked.</summary>
    Claimed = 3,
}

/// <summary>An entry that was taken aside. Its money stays reserved until it is claimed, and it holds up nobody else.</summary>
/// <param name="Message">The message that makes it claimable, −1 for the epoch's opening; null while it is withheld.</param>
/// <param name="Detail">For people: what was wrong.</param>
public sealed record HeldPayout(Payable Entry, HoldReason Reason, HoldState State, int? Message, string Detail, string? TransactionHash = null);
