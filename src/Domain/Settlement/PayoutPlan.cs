using System.Collections.Immutable;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Settlement;

/// <summary>A message that makes entries claimable which the contract expects to be sent.</summary>
/// <param name="Message">−2 and down.</param>
public sealed record PlannedRelease(int Message, ImmutableArray<Payable> Entries);

/// <summary>How each entry of an epoch reaches its owner: sent in a batch, or held.</summary>
/// <param name="ClaimFrom">The contract lets entries from this index on be claimed without a release.</param>
public sealed record PayoutPlan(int ClaimFrom, ImmutableArray<PlannedBatch> Batches, ImmutableArray<HeldPayout> Held, ImmutableArray<PlannedRelease> Releases)
{
    /// <summary>The message that opens the epoch on chain.</summary>
    public const int Opening = -1;

    /// <summary>What the contract takes in one release.</summary>
    public const int MaxReleased = 26;

    /// <summary>
    /// Plans an epoch. Entries of frozen participants and entries that cannot be paid are withheld; entries to be claimed become
    /// claimable with the opening, or by a release when one behind them must be withheld: the contract knows only one boundary.
    /// </summary>
    /// <param name="unpayable">Addresses that are no place for a payout: the pool's own contracts, whence it would come back as revenue.</param>
    public static PayoutPlan For(
        EpochNumber epoch, ImmutableArray<Payable> payables, IReadOnlySet<TonAddress> frozen, IReadOnlySet<TonAddress> unpayable, int batchSize)
    {
        var held = payables.Select(entry => Judge(entry, frozen, unpayable)).OfType<HeldPayout>().ToImmutableArray();
        var firstToClaim = payables.FirstOrDefault(entry => entry.ToClaim)?.Index ?? payables.Length;
        var lastWithheld = held.LastOrDefault(one => one.State == HoldState.Withheld)?.Entry.Index ?? -1;
        var claimFrom = Math.Max(firstToClaim, lastWithheld + 1);

        var releases = CutReleases(held.Where(one => one.State == HoldState.Releasing && one.Entry.Index < claimFrom).Select(one => one.Entry), Opening - 1);
        var messageOf = releases.SelectMany(release => release.Entries.Select(entry => (entry.Index, release.Message))).ToDictionary(pair => pair.Index, pair => pair.Message);
        held = [.. held.Select(one => one.State == HoldState.Releasing ? one with { Message = messageOf.GetValueOrDefault(one.Entry.Index, Opening) } : one)];
        var aside = held.Select(one => one.Entry.Index).ToHashSet();
        return new(claimFrom, SettlementPlan.Cut(epoch, payables.Where(entry => !aside.Contains(entry.Index)), 0, batchSize), held, releases);
    }

    /// <summary>Cuts entries into releases, numbered downwards from the given one.</summary>
    public static ImmutableArray<PlannedRelease> CutReleases(IEnumerable<Payable> entries, int first) =>
        [.. entries.Chunk(MaxReleased).Select((chunk, place) => new PlannedRelease(first - place, [.. chunk]))];

    /// <summary>Null when the entry is sent.</summary>
    public static HeldPayout? Judge(Payable entry, IReadOnlySet<TonAddress> frozen, IReadOnlySet<TonAddress> unpayable)
    {
        if (frozen.Contains(entry.Participant))
            return new(entry, HoldReason.PayoutsFrozen, HoldState.Withheld, null, "payouts to the participant are frozen");
        if (entry.PayoutAddress.Workchain != 0)
            return new(entry, HoldReason.Unpayable, HoldState.Withheld, null, "the address is outside the basechain");
        if (unpayable.Contains(entry.PayoutAddress))
            return new(entry, HoldReason.Unpayable, HoldState.Withheld, null, "the address is one of the pool's own contracts");
        return entry.ToClaim ? new(entry, HoldReason.ClaimSchedule, HoldState.Releasing, Opening, "claimed by its owner") : null;
    }
}
