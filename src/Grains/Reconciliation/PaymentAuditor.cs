using System.Security.Cryptography;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Reconciliation;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Epochs;

namespace CocoonPool.Grains.Reconciliation;

/// <summary>Follows an epoch's money from the signed receipts to the chain, one link after the other, and says which links hold.</summary>
public sealed class PaymentAuditor(PaymentWitnesses witnesses, IContributionStore contributions, IEpochStore epochs, PoolSettings settings)
{
    /// <param name="receipts">Also adds the recorded receipts up again; those of retired months are not there any more.</param>
    /// <returns>Null when the epoch has no result.</returns>
    /// <exception cref="Settlement.ChainGatewayException">The chain can not be asked.</exception>
    public async Task<PaymentAudit?> Audit(EpochNumber epoch, bool receipts, CancellationToken cancellationToken)
    {
        if (await epochs.Bundle(settings.Id, epoch, cancellationToken) is not { } bundle || await witnesses.Of(epoch, cancellationToken) is not { } heard)
            return null;
        var links = new List<AuditLink>();
        if (receipts)
        {
            var wrong = await contributions.CompareTallies(settings.Id, epoch, repair: false, cancellationToken);
            links.Add(new("receipts_make_the_tallies", wrong.Count == 0, wrong.Count == 0 ? "Every tally is the sum of its receipts." : $"{wrong.Count} figures are not the sums of their receipts (epoch rebuild {epoch} --check)."));
        }
        var kept = await contributions.Tallies(settings.Id, epoch, cancellationToken);
        var differing = TallyComparison.Differing(PublishedTallies.Read(bundle.Json), kept.Select(tally => tally.Tally));
        links.Add(new("tallies_are_in_the_bundle", differing.Count == 0, differing.Count == 0 ? "The bundle was made from the tallies that are kept." : $"The bundle has other figures for {string.Join(", ", differing.Take(5))}."));
        links.Add(Same("bundle_is_the_one_on_chain", SHA256.HashData(bundle.Json), heard.Chain, heard.Chain?.BundleHash));
        links.Add(Same("entries_have_the_root_on_chain", PlanComparison.RootOf(epoch, heard.Due), heard.Chain, heard.Chain?.MerkleRoot));
        var differences = EpochComparison.Compare(heard);
        var lasting = differences.Count(difference => !difference.IsPassing);
        links.Add(new("records_books_and_chain_agree", lasting == 0, lasting == 0 ? "Result, plan, ledger and contract say the same." : $"{lasting} differences."));
        return new(epoch, links, [.. EntryProof.Of(heard)], differences);
    }

    private static AuditLink Same(string what, byte[] computed, EpochSeen? chain, byte[]? onChain)
    {
        var text = Convert.ToHexStringLower(computed);
        return chain switch
        {
            { Forgotten: true } => new(what, true, $"{text}; the contract has paid the epoch in full and forgotten it."),
            { Opened: true } => new(what, computed.AsSpan().SequenceEqual(onChain), $"computed {text}, on chain {Convert.ToHexStringLower(onChain!)}"),
            _ => new(what, true, $"{text}; the epoch is not open on chain yet."),
        };
    }
}

/// <param name="Holds">Whether what it says is true.</param>
public sealed record AuditLink(string What, bool Holds, string Detail);

/// <summary>The way of an epoch's money with every link, and where each entry is.</summary>
public sealed record PaymentAudit(EpochNumber Epoch, IReadOnlyList<AuditLink> Links, IReadOnlyList<EntryProof> Entries, IReadOnlyList<Difference> Differences)
{
    /// <summary>No link is broken.</summary>
    public bool Holds => Links.All(link => link.Holds);

    /// <summary>Every participant got exactly their share, and the chain shows it.</summary>
    public bool Proven => Holds && Entries.All(entry => entry.State is EntryState.Paid or EntryState.Claimed);
}
