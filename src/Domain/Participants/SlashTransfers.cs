using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>
/// The ledger lines of a slash: held when it is opened, given back when it is voided, moved to <c>slash:pending</c> when it is final, and
/// out of the books when the chain has executed it: half burned and half sent to the treasury, which also gets the odd nanoTON, as the
/// stake account computes it. Both halves pass through their accounts, which so tell the whole history. Ids follow from the slash, so
/// that a repeat after a crash books nothing twice.
/// </summary>
public static class SlashTransfers
{
    public static IReadOnlyList<Transfer> Opening(Slash slash) => slash.Amount.IsPositive ? [Hold(slash)] : [];

    public static IReadOnlyList<Transfer> Voiding(Slash slash, DateTimeOffset at) =>
        slash.Amount.IsPositive ? [Hold(slash).End(TransferAction.VoidReserved, at)] : [];

    public static IReadOnlyList<Transfer> Finality(Slash slash, DateTimeOffset at) =>
        slash.Amount.IsPositive ? [Hold(slash).End(TransferAction.PostReserved, at)] : [];

    /// <summary>What the chain did, named by <see cref="Slash.Execution"/>.</summary>
    public static IReadOnlyList<Transfer> Execution(Slash slash, DateTimeOffset at)
    {
        var burned = slash.Amount.BasisPointsFloor(5000);
        var lines = new List<Transfer>(4);
        if (burned.IsPositive)
            Through("burned", AccountName.Burned, burned, TransferKind.SlashBurned);
        Through("treasury", AccountName.Treasury, slash.Amount - burned, TransferKind.SlashToTreasury);
        return lines;

        void Through(string what, AccountName account, Nanotons amount, TransferKind kind)
        {
            lines.Add(new($"{HoldId(slash)}/{what}", AccountName.SlashPending, account, amount, kind, Prefix(slash), at));
            lines.Add(new($"{HoldId(slash)}/{what}/sent", account, AccountName.StakeAccounts, amount, kind, slash.Execution!, at));
        }
    }

    /// <summary>Gives back what the slash holds or has taken, and holds or takes the new amount instead.</summary>
    public static IReadOnlyList<Transfer> Revision(Slash before, Slash after, DateTimeOffset at)
    {
        var lines = new List<Transfer>(4);
        if (before.Amount.IsPositive)
        {
            lines.Add(before.IsPending
                ? Hold(before).End(TransferAction.VoidReserved, at)
                : new($"{HoldId(before)}/back", AccountName.SlashPending, AccountName.Stake(before.Participant), before.Amount, TransferKind.Slash, Prefix(before), at));
        }

        lines.AddRange(Opening(after));
        if (!after.IsPending)
            lines.AddRange(Finality(after, at));
        return lines;
    }

    private static Transfer Hold(Slash slash) => new(
        HoldId(slash), AccountName.Stake(slash.Participant), AccountName.SlashPending, slash.Amount, TransferKind.Slash, Prefix(slash), slash.OpenedAt, TransferAction.Reserve);

    private static string Prefix(Slash slash) => $"slash/{slash.Id}";

    private static string HoldId(Slash slash) => slash.Revision == 0 ? Prefix(slash) : $"{Prefix(slash)}/r{slash.Revision}";
}
