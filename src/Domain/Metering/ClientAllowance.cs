using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Metering;

/// <summary>
/// What one silo may spend for one client without asking the books: a block that is reserved there. Requests hold their worst case
/// of it while they run and leave their actual charge; charges are booked in groups, and then the block is replaced by a new one.
/// It holds at every moment that held + charged ≤ block, so no request is served that the reserved money does not cover. The one
/// exception is a block that was lost (the silo stood still past the block's lease): then nothing new is held until it is covered again.
/// </summary>
public sealed class ClientAllowance
{
    /// <summary>Reserved in the books for this silo.</summary>
    public Nanotons Block { get; private set; }

    /// <summary>The worst cases of the requests that run.</summary>
    public Nanotons Held { get; private set; }

    /// <summary>Owed for answered requests and not yet booked.</summary>
    public Nanotons Charged { get; private set; }

    public Nanotons Free => Block - Held - Charged;

    /// <summary>Nothing runs and nothing is owed.</summary>
    public bool IsIdle => Held == Nanotons.Zero && Charged == Nanotons.Zero;

    /// <summary>Holds the worst case of a request, or refuses and changes nothing.</summary>
    public bool TryHold(Nanotons worstCase)
    {
        if (worstCase.IsNegative || Free < worstCase)
            return false;
        Held += worstCase;
        return true;
    }

    /// <summary>
    /// Ends a hold with what the answer cost; nothing means that it is voided. More than was held is never charged: the worst case
    /// is the client's protection against a worker's figures.
    /// </summary>
    /// <returns>What was charged.</returns>
    public Nanotons Settle(Nanotons held, Nanotons actual)
    {
        if (held > Held || actual.IsNegative)
            throw new ArgumentOutOfRangeException(nameof(held), held, "A hold is ended once, with no negative charge.");
        var charge = Nanotons.Min(held, actual);
        Held -= held;
        Charged += charge;
        return charge;
    }

    /// <summary>The books have taken a charge and reserved another block in place of the old one.</summary>
    public void Replace(Nanotons booked, Nanotons block)
    {
        if (booked > Charged || block.IsNegative)
            throw new ArgumentOutOfRangeException(nameof(booked), booked, "Only what is owed can have been booked.");
        Charged -= booked;
        Block = block;
    }

    /// <summary>
    /// How large the next block is: the target, or what it has to cover if that is more; never more than the client has.
    /// </summary>
    /// <param name="covered">What the old block still covers after the booking: requests may count on it until the change is known.</param>
    /// <param name="needed">What has to be covered.</param>
    public static Nanotons BlockSize(Nanotons covered, Nanotons needed, Nanotons target, Nanotons available) =>
        Nanotons.Max(Nanotons.Zero, Nanotons.Min(available, Nanotons.Max(target, Nanotons.Max(covered, needed))));
}
