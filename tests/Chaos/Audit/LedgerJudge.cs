using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Chaos.Audit.Facts;

namespace CocoonPool.Chaos.Audit;

/// <summary>
/// Adds the books up again from their lines alone: the hash chain, balances, reservations, solvency. What an account's name means is
/// written down here a second time on purpose.
/// </summary>
public static class LedgerJudge
{
    private const int Post = 0;
    private const int Reserve = 1;
    private const int PostReserved = 2;

    public static IEnumerable<string> Judge(LedgerFacts facts) =>
        [.. Chain(facts.Lines), .. Reservations(facts), .. Balances(facts)];

    private static IEnumerable<string> Chain(IReadOnlyList<LedgerLine> lines)
    {
        var (head, sequence) = (new byte[32], 0L);
        foreach (var line in lines)
        {
            if (line.Sequence != ++sequence)
                yield return $"ledger: line {line.Sequence} follows line {sequence - 1}";
            if (!line.PreviousHash.SequenceEqual(head) || !line.Hash.SequenceEqual(Hash(head, line)))
                yield return $"ledger: line {line.Sequence} ({line.Id}) does not continue the hash chain";
            (head, sequence) = (line.Hash, line.Sequence);
        }

        foreach (var twice in lines.GroupBy(line => line.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"ledger: {twice.Key} is booked {twice.Count()} times";
    }

    private static byte[] Hash(byte[] head, LedgerLine line)
    {
        string[] fields =
        [
            Text(line.Sequence), line.Id, Text(line.Action), line.Debit, line.Credit, Text(line.AmountNano), Text(line.Kind), line.Reference, Text(line.UnixMilliseconds),
            line.Reservation ?? "",
        ];
        return SHA256.HashData([.. head, .. Encoding.UTF8.GetBytes(string.Concat(fields.Select(field => field + "\n")))]);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Reservations(LedgerFacts facts)
    {
        var made = facts.Lines.Where(line => line.Action == Reserve).ToDictionary(line => line.Id, StringComparer.Ordinal);
        foreach (var ends in facts.Lines.Where(line => line.Action > Reserve).GroupBy(line => line.Reservation ?? "", StringComparer.Ordinal))
        {
            if (!made.Remove(ends.Key, out var reservation))
                yield return $"ledger: {ends.First().Id} ends {ends.Key}, which is no reservation";
            else if (ends.ToList() is not [var end] || (end.Debit, end.Credit, end.AmountNano) != (reservation.Debit, reservation.Credit, reservation.AmountNano))
                yield return $"ledger: the reservation {ends.Key} ended {ends.Count()} times, or otherwise than it was made";
        }

        foreach (var open in made.Keys.Except(facts.OpenBlocks, StringComparer.Ordinal))
            yield return $"ledger: the reservation {open} never ended";
    }

    private static IEnumerable<string> Balances(LedgerFacts facts)
    {
        var balances = new Dictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var line in facts.Lines.Where(line => line.Action is Post or PostReserved))
        {
            Add(line.Debit, IsAsset(line.Debit) ? line.AmountNano : -(Int128)line.AmountNano);
            Add(line.Credit, IsAsset(line.Credit) ? -(Int128)line.AmountNano : line.AmountNano);
        }

        foreach (var account in facts.Accounts)
        {
            if (balances.GetValueOrDefault(account.Name) != account.BalanceNano)
                yield return $"ledger: {account.Name} is kept as {account.BalanceNano} and its lines make {balances.GetValueOrDefault(account.Name)}";
        }

        foreach (var (name, balance) in balances.Where(b => b.Value < 0 && b.Key != "chain:hot-wallet"))
            yield return $"ledger: {name} is {balance}";

        // What the pool has is what it owes and has earned: both sides of each line are equal, unless a name is on the wrong side.
        var has = balances.Where(b => IsAsset(b.Key)).Aggregate(Int128.Zero, (sum, b) => sum + b.Value);
        var owes = balances.Where(b => !IsAsset(b.Key)).Aggregate(Int128.Zero, (sum, b) => sum + b.Value);
        if (has != owes)
            yield return $"ledger: it has {has} and owes {owes}";

        void Add(string account, Int128 amount) => balances[account] = balances.GetValueOrDefault(account) + amount;
    }

    private static bool IsAsset(string account) => account.StartsWith("chain:", StringComparison.Ordinal) || account == "network:fees";
}
