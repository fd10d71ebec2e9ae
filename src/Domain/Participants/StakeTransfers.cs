using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>The ledger lines of what the chain did to a stake, named by its transaction: the same transaction is booked once.</summary>
public static class StakeTransfers
{
    public static Transfer Deposit(TonAddress participant, StakeMovement movement) =>
        new(IdOf(movement), AccountName.StakeAccounts, AccountName.Stake(participant), movement.Amount, TransferKind.StakeDeposit, movement.Transaction, movement.At);

    /// <summary>Stake that left the account: to the participant, or through a slash that the pool knows nothing of.</summary>
    public static Transfer Departure(TonAddress participant, StakeMovement movement, TransferKind kind) =>
        new(IdOf(movement), AccountName.Stake(participant), AccountName.StakeAccounts, movement.Amount, kind, movement.Transaction, movement.At);

    private static string IdOf(StakeMovement movement) => $"chain/{movement.Transaction}";
}
