namespace CocoonPool.Chaos.Audit.Facts;

/// <summary>One epoch in the database.</summary>
/// <param name="Phase">0 open, 1 closing, 2 finalized, 3 distributing, 4 settled.</param>
/// <param name="Bundle">The published bytes; null while there are none.</param>
/// <param name="BundleHash">Lower-case hex, as the epoch's row says; null while there is none.</param>
public sealed record EpochFacts(int Number, int Phase, long RevenueNano, long FeeNano, byte[]? Bundle, string? BundleHash, IReadOnlyList<ShareRow> Shares)
{
    public const int Settled = 4;
}

/// <param name="Participant">Raw address.</param>
/// <param name="PayoutAddress">Raw address.</param>
public sealed record ShareRow(string Participant, long ShareNano, long PayableNano, string PayoutAddress);

/// <summary>One message of a settlement: −1 opens the epoch, the others are batches.</summary>
/// <param name="Phase">2 is done, 3 replaced by other batches.</param>
public sealed record SettlementMessage(int Epoch, int Index, int Phase, long TotalNano, string? Transaction)
{
    public const int Done = 2;
    public const int Replaced = 3;
}

/// <summary>One payout of a settlement's plan.</summary>
/// <param name="Batch">Below zero when it is held back or to be claimed, which nobody wants in a chaos run.</param>
public sealed record PlannedPayout(int Epoch, int Batch, string Participant, string PayoutAddress, long AmountNano);
