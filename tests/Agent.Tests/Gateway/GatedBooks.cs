using System.Threading.Channels;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Metering;
using CocoonPool.Grains.Metering;

namespace CocoonPool.Agent.Tests.Gateway;

/// <summary>Books whose every change stops at a gate, so that a test decides what happens while one is on its way.</summary>
/// <param name="balance">What the client has, and nobody else uses.</param>
internal sealed class GatedBooks(Nanotons balance) : IClientBooks
{
    private readonly Channel<(BlockChange Change, TaskCompletionSource Gate)> _asked = Channel.CreateUnbounded<(BlockChange, TaskCompletionSource)>();
    private Nanotons _balance = balance;

    /// <summary>How many changes were asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>The next change that was asked for; it is answered when the gate is opened.</summary>
    public Task<(BlockChange Change, TaskCompletionSource Gate)> Next() => _asked.Next();

    public async Task<IReadOnlyList<ChangedBlock>> Change(
        string poolId, IReadOnlyList<BlockChange> changes, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken = default)
    {
        var change = changes.ShouldHaveSingleItem();
        Asked++;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Writer.TryWrite((change, gate));
        await gate.Task.Soon();
        _balance -= change.Charged;
        return [new(change.Id, ClientAllowance.BlockSize(change.Covered, change.Needed, change.Target, _balance), Nanotons.Zero)];
    }

    public Task Renew(string poolId, IReadOnlyList<Guid> blocks, DateTimeOffset leaseUntil, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<int> ExpireLost(string poolId, DateTimeOffset now, CancellationToken cancellationToken = default) => Task.FromResult(0);

    public Task<IReadOnlyList<UsageOfDay>> Usage(string poolId, string? client, int offset, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
