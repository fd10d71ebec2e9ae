namespace CocoonPool.Silo.Routing;

/// <summary>
/// The offers of one model that have a free slot, kept up to date as slots are taken and given back: neither a choice among a hundred
/// thousand workers nor the word that all are full walks them all. Used under the lock of its <see cref="ModelQueue"/>.
/// </summary>
internal sealed class FreeOffers
{
    private readonly List<RouteOffer> _free = [];
    private IReadOnlyList<RouteOffer> _table = [];

    public int Count => _free.Count;

    /// <summary>In no order that means anything.</summary>
    public RouteOffer this[int place] => _free[place];

    /// <summary>Goes over to another table; nothing when it is the one that is known.</summary>
    public void Follow(IReadOnlyList<RouteOffer> table)
    {
        if (ReferenceEquals(table, _table))
            return;
        foreach (var offer in _table)
            offer.Slots.Listing = default;
        _free.Clear();
        _table = table;
        foreach (var offer in table)
        {
            offer.Slots.Listing = new(offer, SlotListing.Nowhere);
            Add(offer.Slots);
        }
    }

    /// <summary>A slot of the offer was taken; it leaves with its last one.</summary>
    public void Taken(RouteOffer offer)
    {
        if (offer.HasFreeSlot || offer.Slots.Listing is not { Offer: not null, Place: >= 0 and var place })
            return;
        // The last one takes its place.
        var last = _free[^1];
        _free[place] = last;
        last.Slots.Listing = new(last, place);
        offer.Slots.Listing = new(offer, SlotListing.Nowhere);
        _free.RemoveAt(_free.Count - 1);
    }

    /// <summary>A slot was given back, perhaps one of an offer of an earlier table.</summary>
    public void Returned(RouteOffer offer) => Add(offer.Slots);

    private void Add(ModelSlots slots)
    {
        if (slots.Listing is not { Offer: { HasFreeSlot: true } offer, Place: SlotListing.Nowhere })
            return;
        slots.Listing = new(offer, _free.Count);
        _free.Add(offer);
    }
}

/// <summary>What <see cref="FreeOffers"/> notes at the slots: the offer of the present table, if there is one, and its place among the free.</summary>
internal readonly record struct SlotListing(RouteOffer? Offer, int Place)
{
    public const int Nowhere = -1;
}
