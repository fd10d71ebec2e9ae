using CocoonPool.Domain.Participants;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.PoolSimulation.Chain;

/// <summary>The part of the chain gateway that knows stake accounts; what it signs is sent through the other part.</summary>
public class ModelledStakes(ChainModel chain, StoreOperations operations) : ModelledGateway(chain, operations), IStakeChain
{
    public virtual Task<StakeReading> Stake(TonAddress participant, long afterLogicalTime, int limit, CancellationToken cancellationToken = default) =>
        Ask("stake", () => Chain.Stakes.Read(participant, afterLogicalTime, limit));

    public virtual Task<SignedMessage> SignStakeCommand(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Ask($"sign {command.Id}", () => Signed(Chain.Sign(command, suspendedUntil, seqno, validUntil)));
}
