namespace CocoonPool.Chaos.Audit.Facts;

/// <summary>One line of the books, as it is stored.</summary>
/// <param name="Action">0 moves, 1 reserves, 2 moves what is reserved, 3 and 4 give it back.</param>
/// <param name="Reservation">The id of the line that this ends; null for 0 and 1.</param>
public sealed record LedgerLine(
    long Sequence, string Id, int Action, string Debit, string Credit, long AmountNano, int Kind, string Reference, long UnixMilliseconds, string? Reservation,
    byte[] PreviousHash, byte[] Hash);

/// <summary>An account as the database keeps it beside its lines.</summary>
public sealed record LedgerAccount(string Name, long BalanceNano, long ReservedNano);

/// <summary>The books, with the blocks of clients' balances that a silo holds at this moment: the only reservations that may be open in peace.</summary>
public sealed record LedgerFacts(IReadOnlyList<LedgerLine> Lines, IReadOnlyList<LedgerAccount> Accounts, IReadOnlyList<string> OpenBlocks);
