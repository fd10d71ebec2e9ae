using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>
/// The ledger lines of a slash: held when it is opened, given back when it is voided, and when it is final half burned and half to
/// the treasury, which also gets the odd nanoTON. Ids follow from the slash, so that a repeat after a crash books nothing twice.
/// </summary>
public static class SlashTransfers
{
    public static IReadOnlyList<Transfer> Opening(Slash slash) => slash.Amount.IsPositive ? [Hold(slash)] : [];

    public static IReadOnlyList<Transfer> Voiding(Slash slash, DateTimeOffset at) =>
        slash.Amount.IsPositive ? [Hold(slash).End(TransferAction.VoidReserved, at)] : [];

    public static IReadOnlyList<Transfer> Finality(Slash slash, DateTimeOffset at)
    {
        if (!slash.Amount.IsPositive)
            return [];
        var burned = slash.Amount.BasisPointsFloor(5000);
        var lines = new List<Transfer>(3) { Hold(slash).End(TransferAction.PostReserved, at) };
        if (burned.IsPositive)
            lines.Add(FromPending(slash, "burned", AccountName.Burned, burned, TransferKind.SlashBurned, at));
        lines.Add(FromPending(slash, "treasury", AccountName.Treasury, slash.Amount - burned, TransferKind.SlashToTreasury, at));
        return lines;
    }

    private static Transfer Hold(Slash slash) => new(
        Prefix(slash), AccountName.Stake(slash.Participant), AccountName.SlashPending, slash.Amount, TransferKind.Slash, Prefix(slash), slash.OpenedAt, TransferAction.Reserve);

    private static Transfer FromPending(Slash slash, string what, AccountName credit, Nanotons amount, TransferKind kind, DateTimeOffset at) =>
        new($"{Prefix(slash)}/{what}", AccountName.SlashPending, credit, amount, kind, Prefix(slash), at);

    private static string Prefix(Slash slash) => $"slash/{slash.Id}";
}
