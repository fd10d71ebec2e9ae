namespace CocoonPool.Domain.Settlement;

/// <summary>Reasons and states of held entries as the ledger's references and the API spell them.</summary>
public static class HoldWords
{
    public static string Of(HoldReason reason) => reason switch
    {
        HoldReason.ClaimSchedule => "claim_schedule",
        HoldReason.PayoutsFrozen => "payouts_frozen",
        HoldReason.Unpayable => "unpayable",
        HoldReason.RefusedByContract => "refused_by_contract",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No entry is held for this."),
    };

    public static string Of(HoldState state) => state switch
    {
        HoldState.Withheld => "withheld",
        HoldState.Releasing => "releasing",
        HoldState.Claimable => "claimable",
        HoldState.Claimed => "claimed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No held entry is in this state."),
    };
}
