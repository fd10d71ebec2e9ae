using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.PoolSimulation.Chain;

/// <summary>The chain gateway: every request and every reply may get lost on the way.</summary>
public class ModelledGateway(ChainModel chain, StoreOperations operations) : IChainGateway
{
    private static readonly Nanotons Fee = new(225_000);
    private static readonly Nanotons OpeningFee = new(610_000);

    protected ChainModel Chain => chain;

    public Task<SignerReading> Signer(CancellationToken cancellationToken = default) =>
        Ask("signer", () => new SignerReading(ChainModel.Operator, chain.Seqno, Nanotons.FromTon(5), chain.Now, chain.Now));

    public virtual Task<SignedMessage> SignOpenEpoch(OpenEpochMessage message, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Ask($"sign opening {message.Epoch}", () => Signed(chain.Sign(message.Epoch.Value, SettlementMessage.OpenEpoch, seqno, validUntil, message, [], [])));

    public virtual Task<SignedMessage> SignPayBatch(EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Ask($"sign batch {epoch}/{batch}", () => Signed(chain.Sign(epoch.Value, batch, seqno, validUntil, null, [.. entries.Select(e => new Payment(e.Index, e.To, e.Amount))], listHash)));

    public Task<SignedMessage> SignReleaseClaims(EpochNumber epoch, IReadOnlyList<int> indexes, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Ask($"sign release {epoch}", () => Signed(chain.Sign(epoch.Value, int.MinValue, seqno, validUntil, null, [], [], indexes)));

    public Task<(bool Accepted, string? Reason)> Broadcast(string boc, CancellationToken cancellationToken = default) => Ask<(bool, string?)>($"broadcast {boc}", () =>
    {
        chain.Send(boc);
        return (true, null);
    });

    public Task<MessageFate> Message(string hash, CancellationToken cancellationToken = default) =>
        Ask("fate", () => new MessageFate(
            chain.IsRefused(hash), chain.IsRefused(hash) ? "refused by the contract" : null, chain.IsRefused(hash) ? 402 : null, !chain.HasLanded(hash), chain.Seqno));

    public Task<EpochOnChain> Epoch(EpochNumber epoch, CancellationToken cancellationToken = default) => Ask($"epoch {epoch}", () =>
    {
        var opened = chain.Opened(epoch.Value);
        return new EpochOnChain(
            chain.Now, opened is not null, opened?.Total ?? Nanotons.Zero, opened?.Fee ?? Nanotons.Zero, opened?.MerkleRoot ?? new byte[32], opened?.BundleHash ?? new byte[32],
            [.. chain.Batches.Where(b => b.Key.Epoch == epoch.Value).OrderBy(b => b.Key.Batch).Select(OnChain)])
        {
            ClaimFrom = opened?.ClaimFrom,
            Opening = opened is null ? null : new($"opening-{epoch}", OpeningFee),
            Released = [.. chain.Released(epoch.Value)],
            Claimed = [.. chain.Claims.Where(c => c.Key.Epoch == epoch.Value).Select(c => new ClaimOnChain(c.Key.Index, chain.Now - c.Value.At < 60 ? null : $"claim-{c.Key.Epoch}-{c.Key.Index}"))],
        };
    });

    public Task<DistributionReading> Distribution(CancellationToken cancellationToken = default) =>
        Ask("distribution", () => new DistributionReading(ChainModel.Distribution, chain.Balance + NetworkFees.StorageReserve, chain.Owed, ChainModel.Operator));

    public virtual Task<IReadOnlyList<IncomingPayment>> Incoming(TonAddress address, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) =>
        Ask<IReadOnlyList<IncomingPayment>>("incoming", () => [.. chain.Incoming.Where(p => p.To == address && p.LogicalTime > afterLogicalTime).Take(limit)]);

    public Task<ClaimMessage> PrepareClaim(EpochNumber epoch, Payable entry, IReadOnlyList<MerkleStep> proof, CancellationToken cancellationToken = default) => 
        throw new NotSupportedException("No grain asks for it.");

    public Task<ChainHealth> Health(CancellationToken cancellationToken = default) => Ask("health", () => new ChainHealth(true, 0, Nanotons.FromTon(5)));

    protected static SignedMessage Signed(WalletMessage message) => new(message.Boc, message.Hash);

    protected async Task<T> Ask<T>(string what, Func<T> effect)
    {
        try
        {
            return await operations.PerformAsync("chain", what, () => chain.IsAway ? throw new ChainGatewayException("unreachable", "The chain is away.") : effect());
        }
        catch (SimulatedFaultException fault)
        {
            throw new ChainGatewayException("unreachable", fault.Message, fault);
        }
    }

    // Contract state shows a batch at once; the transaction behind it is found a little later.
    private BatchOnChain OnChain(KeyValuePair<(int Epoch, int Batch), ChainModel.PaidBatch> batch) => chain.Now - batch.Value.At < 60
        ? new(batch.Key.Batch, batch.Value.Message.ListHash, null, null)
        : new(batch.Key.Batch, batch.Value.Message.ListHash, $"tx-{batch.Key.Epoch}-{batch.Key.Batch}", Fee);
}
