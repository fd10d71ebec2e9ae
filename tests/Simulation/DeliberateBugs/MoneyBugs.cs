using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

internal sealed class ForgottenVoid(PoolPorts ports) : MemorySlashStore(ports.Database, ports.Operations)
{
    public override Task Change(string poolId, Slash slash, IReadOnlyList<Transfer> transfers, PoolEvent told, CancellationToken cancellationToken = default) =>
        base.Change(poolId, slash, slash.State == SlashState.Voided ? [] : transfers, told, cancellationToken);
}

internal sealed class SlashUntold(PoolPorts ports) : MemorySlashStore(ports.Database, ports.Operations)
{
    protected override void Tell(PoolEvent told)
    {
    }
}

internal sealed class CursorBeforeBooking(PoolPorts ports) : MemoryRevenueStore(ports.Database, ports.Operations, ports.Time)
{
    public override async Task Book(string poolId, string address, long cursor, IReadOnlyList<IncomingPayment> payments, CancellationToken cancellationToken = default)
    {
        await Database.Commit(Operations, "revenue", $"move to {cursor}", () => Move(address, cursor));
        await base.Book(poolId, address, cursor, payments, cancellationToken);
    }
}

internal sealed class PaymentKnownByTime(PoolPorts ports) : MemoryRevenueStore(ports.Database, ports.Operations, ports.Time)
{
    protected override Transfer Line(IncomingPayment payment) =>
        base.Line(payment) with { Id = $"booked/{ports.Time.GetUtcNow().Ticks}/{payment.LogicalTime}" };

    // The payments are booked and the cursor is not yet moved when this fails: the next sweep reads them again.
    public override async Task Book(string poolId, string address, long cursor, IReadOnlyList<IncomingPayment> payments, CancellationToken cancellationToken = default)
    {
        await Database.Commit(Operations, "revenue", "book", () => Database.Ledger.Append([.. payments.Select(Line)]));
        await Database.Commit(Operations, "revenue", $"move to {cursor}", () => Move(address, cursor));
    }
}
