using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Grains.Tests.Host;

// The chain gateway in front of the model.
internal sealed partial class ChainModel
{
    public Task<SignerReading> Signer(CancellationToken cancellationToken = default)
    {
        Looks++;
        return Task.FromResult(StaleWallet ?? new SignerReading(Wallet, Seqno, Nanotons.FromTon(5), Time, Time));
    }

    public Task<SignedMessage> SignOpenEpoch(OpenEpochMessage message, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Sign($"open/{message.Epoch}", seqno, validUntil, () => Open(message));

    public Task<SignedMessage> SignPayBatch(EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash, long seqno, long validUntil, CancellationToken cancellationToken = default)
    {
        var refused = entries.Index().Where(e => RefusedByGateway.Contains(e.Item.To)).ToDictionary(e => e.Index, _ => "this address is never paid");
        return refused.Count > 0
            ? throw new ChainGatewayException("entry_refused", "some entries are never paid") { RefusedEntries = refused }
            : Sign($"pay/{epoch}/{batch}", seqno, validUntil, () => Pay(epoch, batch, entries, listHash));
    }

    public Task<SignedMessage> SignReleaseClaims(EpochNumber epoch, IReadOnlyList<int> indexes, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Sign($"release/{epoch}/{string.Join(',', indexes)}", seqno, validUntil, () => Release(epoch, indexes));

    public Task<(bool Accepted, string? Reason)> Broadcast(string boc, CancellationToken cancellationToken = default)
    {
        Broadcasts++;
        var message = _signed[boc];
        var lands = !DropBroadcasts && message.Seqno == SeqnoOf(message.Wallet) && Time <= message.ValidUntil;
        if (lands)
        {
            _seqnos[message.Wallet] = message.Seqno + 1;
            _landed.Add(message.Hash);
            if (HoldDelivery)
                _delayed.Enqueue(message);
            else
                Execute(message);
        }
        if (LoseNextReply)
        {
            LoseNextReply = false;
            throw new ChainGatewayException("unreachable", "The reply was lost.");
        }
        return Task.FromResult((lands, lands ? null : (string?)"not accepted"));
    }

    public Task<MessageFate> Message(string hash, CancellationToken cancellationToken = default) => !FatesAreKnown
        ? throw new ChainGatewayException("unreachable", "Nobody answers.")
        : Task.FromResult(_refused.TryGetValue(hash, out var code)
            ? new MessageFate(true, code == 402 ? "the contract does not hold enough" : $"exit code {code}", code)
            : new MessageFate(false, null, null, !_landed.Contains(hash), Seqno));

    public Task<EpochOnChain> Epoch(EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        var opened = _opened.GetValueOrDefault(epoch.Value);
        return Task.FromResult(new EpochOnChain(
            Time, opened is not null, opened?.Total ?? Nanotons.Zero, opened?.Fee ?? Nanotons.Zero, opened?.MerkleRoot ?? new byte[32], opened?.BundleHash ?? new byte[32],
            [.. _paid.Where(p => p.Key.Epoch == epoch.Value).Select(p => new BatchOnChain(p.Key.Batch, p.Value, $"tx-{epoch}-{p.Key.Batch}", BatchFee))])
        {
            ClaimFrom = opened?.ClaimFrom,
            Opening = opened is null ? null : new($"opening-{epoch}", OpeningFee),
            Released = [.. _released.Where(r => r.Epoch == epoch.Value).Select(r => r.Index)],
            Claimed = [.. _claimed.Where(c => c.Epoch == epoch.Value).Select(c => new ClaimOnChain(c.Index, $"claim-{epoch}-{c.Index}"))],
        });
    }

    Task<DistributionReading> IChainGateway.Distribution(CancellationToken cancellationToken) =>
        Task.FromResult(new DistributionReading(Distribution, Balance + NetworkFees.StorageReserve, Nanotons.Zero, Obeyed));

    public Task<ClaimMessage> PrepareClaim(EpochNumber epoch, Payable entry, IReadOnlyList<MerkleStep> proof, CancellationToken cancellationToken = default) => 
        throw new NotSupportedException("No grain asks for it.");

    public Task<ChainHealth> Health(CancellationToken cancellationToken = default) => Task.FromResult(new ChainHealth(true, 0, Nanotons.FromTon(5)));
}
