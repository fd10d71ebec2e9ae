namespace CocoonPool.Chaos.Audit.Facts;

/// <summary>Everything that is judged, read at one moment of peace from the database and the chain.</summary>
public sealed record PoolFacts(
    LedgerFacts Ledger, IReadOnlyList<EpochFacts> Epochs, IReadOnlyList<SettlementMessage> Messages, IReadOnlyList<PlannedPayout> Plan, WorkFacts Work, ChainFacts Chain);
