namespace CocoonPool.Domain.Reconciliation;

/// <summary>In what two witnesses of the pool's payments disagree.</summary>
public enum DifferenceKind
{
    /// <summary>The chain has a payment to the pool that was not read yet.</summary>
    PaymentNotRead = 0,

    /// <summary>The chain has a payment to the pool, the cursor has passed it, and the books have no line of it.</summary>
    PaymentNotBooked = 1,

    /// <summary>A payment is booked with another amount than it had.</summary>
    PaymentDiffers = 2,

    /// <summary>The books have a payment that the chain does not.</summary>
    PaymentNotOnChain = 3,

    /// <summary>The distribution contract holds less than the books say that it does.</summary>
    ContractShort = 10,

    /// <summary>Something stands on <c>settlement:in-flight</c>, where nothing rests.</summary>
    InFlightNotEmpty = 11,

    /// <summary>The epoch's result owes an entry that its settlement does not have.</summary>
    EntryNotPlanned = 20,

    /// <summary>The settlement has an entry that the epoch's result does not owe.</summary>
    EntryNotDue = 21,

    /// <summary>Amount, place or address of an entry are not those of the epoch's result.</summary>
    EntryDiffers = 22,

    /// <summary>The entries have another Merkle root than was published, planned or opened.</summary>
    RootDiffers = 23,

    /// <summary>The entries of a batch are not those of its frozen list.</summary>
    ListDiffers = 24,

    /// <summary>A line that the settlement's records ask for is not in the books.</summary>
    LineMissing = 30,

    /// <summary>A line of the books has other accounts or another amount than the records.</summary>
    LineDiffers = 31,

    /// <summary>A line of the books that no record explains.</summary>
    LineUnexplained = 32,

    /// <summary>The chain has carried a message out that is not booked yet.</summary>
    MessageNotBooked = 40,

    /// <summary>A message is booked as carried out and the chain does not show it.</summary>
    MessageNotOnChain = 41,

    /// <summary>The chain has other content for an epoch or a batch than was planned.</summary>
    ContentDiffers = 42,

    /// <summary>The chain shows a batch that was given up, or one that nobody planned.</summary>
    BatchUnknown = 43,

    /// <summary>A batch is booked with another transaction than the chain has.</summary>
    TransactionDiffers = 44,

    /// <summary>A message is booked with another network fee than the chain took.</summary>
    NetworkFeeDiffers = 45,

    /// <summary>A claim is on chain and not booked yet.</summary>
    ClaimNotBooked = 50,

    /// <summary>A claim is booked and the chain does not show it.</summary>
    ClaimNotOnChain = 51,
}
