using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

internal sealed class StakeSentBeforePersist(PoolPorts ports) : ModelledStakes(ports.Chain, ports.Operations)
{
    public override async Task<SignedMessage> SignStakeCommand(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil, CancellationToken cancellationToken = default)
    {
        var signed = await base.SignStakeCommand(command, suspendedUntil, seqno, validUntil, cancellationToken);
        await Broadcast(signed.Boc, cancellationToken);
        return signed;
    }
}

internal sealed class StakeSlashUnseen(PoolPorts ports) : MemoryStakeStore(ports.Database, ports.Operations)
{
    public override Task Book(string poolId, TonAddress participant, long after, StakeReading reading, CancellationToken cancellationToken = default) =>
        base.Book(poolId, participant, after, reading with { Movements = [.. reading.Movements.Where(m => m.Kind != StakeMovementKind.Slashed)] }, cancellationToken);
}
