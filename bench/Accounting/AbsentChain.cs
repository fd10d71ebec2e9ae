using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Bench.Accounting;

/// <summary>A chain that cannot be reached: settlements are planned and wait.</summary>
internal sealed class AbsentChain : IChainGateway, IStakeChain
{
    private static ChainGatewayException Away => new("unreachable", "There is no chain in this benchmark.");

    public Task<SignerReading> Signer(CancellationToken cancellationToken = default) => throw Away;

    public Task<SignedMessage> SignOpenEpoch(OpenEpochMessage message, long seqno, long validUntil, CancellationToken cancellationToken = default) => throw Away;

    public Task<SignedMessage> SignPayBatch(
        EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash, long seqno, long validUntil, CancellationToken cancellationToken = default) => throw Away;

    public Task<SignedMessage> SignReleaseClaims(EpochNumber epoch, IReadOnlyList<int> indexes, long seqno, long validUntil, CancellationToken cancellationToken = default) => throw Away;

    public Task<(bool Accepted, string? Reason)> Broadcast(string boc, CancellationToken cancellationToken = default) => throw Away;

    public Task<MessageFate> Message(string hash, CancellationToken cancellationToken = default) => throw Away;

    public Task<EpochOnChain> Epoch(EpochNumber epoch, CancellationToken cancellationToken = default) => throw Away;

    public Task<DistributionReading> Distribution(CancellationToken cancellationToken = default) => throw Away;

    public Task<IReadOnlyList<IncomingPayment>> Incoming(TonAddress address, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) => throw Away;

    public Task<StakeReading> Stake(TonAddress participant, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) => throw Away;

    public Task<SignedMessage> SignStakeCommand(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil, CancellationToken cancellationToken = default) => throw Away;
    public Task<ClaimMessage> PrepareClaim(EpochNumber epoch, Payable entry, IReadOnlyList<MerkleStep> proof, CancellationToken cancellationToken = default) => throw Away;

    public Task<ChainHealth> Health(CancellationToken cancellationToken = default) => throw Away;
}

/// <summary>Workers whose streams are always open and serve nothing.</summary>
internal sealed class OpenLinks : IWorkerLinks
{
    public bool IsOpen(WorkerId worker, string streamId) => true;

    public async IAsyncEnumerable<InferenceItem> Run(
        WorkerId worker, InferenceTask task, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return new([], 0, new(503, "worker_not_available", "It only beats."));
    }

    public void RequestDrain(WorkerId worker)
    {
    }
}
