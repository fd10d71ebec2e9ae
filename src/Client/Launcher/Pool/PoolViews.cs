namespace CocoonPool.Client.Launcher.Pool;

/// <summary>What the REST API answers, as far as the launcher reads it. Amounts are nanoTON in decimal strings.</summary>
public sealed record CreatedKey(string Id, string Role, string Subject, string Key);

public sealed record ParticipantView(
    string Address, string AddressFriendly, string State, string PayoutAddress, string StakeNano, string RequiredStakeNano, int Gpus);

public sealed record WorkerView(string Id, string ParticipantAddress, string State, string? StateCause, bool Connected);

public sealed record EarningsView(string Address, string PaidTotalNano, IReadOnlyList<EarningLine> History);

public sealed record EarningLine(long Epoch, string ShareNano, string PayableNano, string PaidNano, string? Transaction);

public sealed record PayoutView(long Epoch, int Batch, string AmountNano, string Status, string? Transaction, string PayoutAddress);

public sealed record PoolStats(string Id, string Name, string State, CurrentEpochView CurrentEpoch);

public sealed record CurrentEpochView(long Number, string Phase, string RevenueNano);

public sealed record TallyView(string Participant, long Tasks, long FailedTasks, string AdjustedTokens, string GpuMilliseconds, long Tokens);

public sealed record ClosingView(long Epoch, string RevenueNano, string FeeNano, int Participants, string BundleHash);

public sealed record SettlementView(
    long Epoch, string Phase, bool Frozen, string? Trouble, string TotalNano, string PaidNano, IReadOnlyList<BatchView> Batches);

public sealed record BatchView(int Index, string Phase, int Payouts, string TotalNano, string? Transaction);
