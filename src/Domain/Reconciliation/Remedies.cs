namespace CocoonPool.Domain.Reconciliation;

/// <summary>What a person does about each kind of difference. None of it moves money without two people.</summary>
public static class Remedies
{
    private const string Freeze = "Freeze payouts to the participant (payment reconcile --freeze)";
    private const string Books = "correct the books with the approval ledger_adjustment, which two people want";

    public static string For(DifferenceKind kind) => kind switch
    {
        DifferenceKind.PaymentNotRead or DifferenceKind.MessageNotBooked or DifferenceKind.ClaimNotBooked =>
            "Nothing: the pool books it at its next look at the chain. If it is still here after ten minutes, see whether the settlement is frozen and whether the chain gateway answers.",
        DifferenceKind.PaymentNotBooked => $"Look the transaction up on the chain; if it is the pool's, {Books}.",
        DifferenceKind.PaymentDiffers or DifferenceKind.PaymentNotOnChain =>
            $"Freeze open settlements (settlement freeze), ask a second chain API for the transaction, verify the books (ledger verify), then {Books}.",
        DifferenceKind.ContractShort => "Freeze open settlements, look for a payment that no settlement made (contracts export-state), and top the contract up from the operator's wallet when only gas is missing.",
        DifferenceKind.InFlightNotEmpty => $"Freeze open settlements and verify the books (ledger verify); then {Books}.",
        DifferenceKind.EntryNotPlanned => $"{Freeze}; what is missing is owed to them, so {Books} and it is paid with the next epoch.",
        DifferenceKind.EntryNotDue or DifferenceKind.EntryDiffers => $"{Freeze} and freeze the settlement before it is signed; recompute the epoch (verify-epoch) to see which side is right.",
        DifferenceKind.RootDiffers or DifferenceKind.ListDiffers => "Freeze the settlement; recompute the epoch (verify-epoch) and restore the settlement's rows from the backup that agrees with it.",
        DifferenceKind.LineMissing or DifferenceKind.LineDiffers or DifferenceKind.LineUnexplained => $"{Freeze}, verify the books (ledger verify), then {Books}.",
        DifferenceKind.MessageNotOnChain or DifferenceKind.ClaimNotOnChain =>
            $"{Freeze} and freeze open settlements; ask a second chain API. If the chain really does not have it, the payout is still owed: {Books}.",
        DifferenceKind.ContentDiffers or DifferenceKind.BatchUnknown =>
            "Freeze all settlements and take the signing key out of the gateway: somebody signed what the pool did not plan. Compare with the gateway's signed-batches.jsonl.",
        DifferenceKind.TransactionDiffers => "The payout is proven by the contract's state; note the right transaction with the audit of the epoch.",
        DifferenceKind.NetworkFeeDiffers => $"The difference is the operator's alone: {Books}.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This is no kind of difference."),
    };
}
