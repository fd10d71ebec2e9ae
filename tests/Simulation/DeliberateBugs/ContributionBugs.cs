using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Contributions;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

internal sealed class AcknowledgeBeforeDurable(PoolPorts ports) : MemoryContributionStore(ports.Database, ports.Operations, ports.Time)
{
    public override Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default)
    {
        _ = base.Record(poolId, contributions, cancellationToken);
        return Task.FromResult<IReadOnlyList<ContributionResult>>([.. contributions.Select(_ => ContributionResult.Recorded)]);
    }
}

internal sealed class SwallowedFailure(PoolPorts ports) : MemoryContributionStore(ports.Database, ports.Operations, ports.Time)
{
    public override async Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Database.Commit(Operations, "contributions", $"record {contributions[0].Receipt.TaskId}", () => Write(contributions));
        }
        catch (SimulatedFaultException)
        {
            return [.. contributions.Select(_ => ContributionResult.Recorded)];
        }
    }
}

internal sealed class MissingDeduplication(PoolPorts ports) : MemoryContributionStore(ports.Database, ports.Operations, ports.Time)
{
    protected override ContributionRow? Find(Contribution contribution) => null;
}

internal sealed class TallyBeforeCommit(PoolPorts ports) : MemoryContributionStore(ports.Database, ports.Operations, ports.Time)
{
    public override async Task<IReadOnlyList<ContributionResult>> Record(string poolId, IReadOnlyList<Contribution> contributions, CancellationToken cancellationToken = default)
    {
        await Database.Commit(Operations, "contributions", "tally", () =>
        {
            foreach (var contribution in contributions.Where(c => Find(c) is null))
            {
                Database.Tallies.Add(EpochOf(contribution).Number.Value, contribution.Receipt.Participant, TallyIncrement.Of(
                    contribution.Receipt.Outcome, 1, contribution.CreditedAdjustedTokens, (System.Numerics.BigInteger)contribution.CreditedAdjustedTokens * (contribution.QualityPpm ?? 0),
                    contribution.Credited.Prompt, contribution.Credited.Completion));
            }
        });
        return await base.Record(poolId, contributions, cancellationToken);
    }

    protected override IReadOnlyList<ContributionResult> Write(IReadOnlyList<Contribution> contributions) =>
        [.. contributions.Select(c =>
        {
            if (Find(c) is { } known)
                return known.Canonical.AsSpan().SequenceEqual(c.Canonical) ? ContributionResult.Duplicate : ContributionResult.Conflict;
            Add(c);
            return ContributionResult.Recorded;
        })];
}

internal sealed class LateIntoClosedEpoch(PoolPorts ports) : MemoryContributionStore(ports.Database, ports.Operations, ports.Time)
{
    protected override AssignedEpoch EpochOf(Contribution contribution)
    {
        var ended = contribution.Receipt.EndedAt;
        return Database.Epochs.Rows.FirstOrDefault(e => e.Start <= ended && ended < e.End) is { } epoch ? new(epoch.Number, Late: false) : base.EpochOf(contribution);
    }
}

internal sealed class UptimeCreditedTwice(PoolPorts ports) : MemoryContributionStore(ports.Database, ports.Operations, ports.Time)
{
    protected override DateTimeOffset BeginOf(UptimeContribution interval) => interval.From;
}
