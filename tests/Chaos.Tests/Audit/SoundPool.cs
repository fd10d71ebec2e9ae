using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Chaos.Audit.Facts;
using CocoonPool.Client.Launcher.Chain;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Verifier;

namespace CocoonPool.Chaos.Tests.Audit;

/// <summary>The facts of a pool in which everything is right: one settled epoch with a real bundle, paid in two batches. Tests break one thing each.</summary>
internal static class SoundPool
{
    public const string Contract = "0:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
    public const string Vault = "0:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    private const long Stake = 100_000_000_000;
    private const long VaultHolds = 7_000_000_000;
    private const string Customer = "0:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

    private static readonly byte[] Bundle = File.ReadAllBytes(Path.Combine(Checkout.Find().Root, "tests", "Domain.Tests", "Verification", "bundles", "hundred-gpus.json"));

    public static VerificationReport Report { get; } = EpochVerifier.Verify(Bundle);

    private static long Owed => Report.Participants.Sum(p => p.PayableNano);

    public static PoolFacts Facts()
    {
        var paid = Report.Participants.Where(p => p.PayableNano > 0).ToList();
        var plan = paid.Select((p, i) => new PlannedPayout(Report.Epoch, i % 2, p.Address, p.PayoutAddress, p.PayableNano)).ToList();
        SettlementMessage[] messages = [new(Report.Epoch, -1, SettlementMessage.Done, 0, "open"), .. plan.GroupBy(p => p.Batch).Select(b => new SettlementMessage(Report.Epoch, b.Key, SettlementMessage.Done, b.Sum(p => p.AmountNano), $"tx-{b.Key}"))];
        return new(
            Ledger(paid), [new(Report.Epoch, EpochFacts.Settled, Report.RevenueNano, Report.FeeNano, Bundle, Report.BundleHash, [.. Report.Participants.Select(p => new ShareRow(p.Address, p.ShareNano, p.PayableNano, p.PayoutAddress))])],
            messages, plan, Work(),
            new(
                [new(Customer, Deposit, "ab01")], Deposit, Stake, new Dictionary<string, long>(StringComparer.Ordinal) { [Vault] = VaultHolds }, new Dictionary<int, ChainEpoch> { [Report.Epoch] = new(true, Owed, Owed, Report.FeeNano, Report.MerkleRoot, Report.BundleHash) },
                plan.GroupBy(p => p.PayoutAddress, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (IReadOnlyList<Arrival>)[.. g.Select(p => new Arrival(Contract, p.AmountNano, "cd"))], StringComparer.Ordinal)));
    }

    /// <summary>Enough for everything.</summary>
    private static long Deposit => Report.RevenueNano + Report.Participants.Sum(p => p.ShareNano + p.PayableNano);

    /// <summary>The lines with sequence numbers and hashes that fit them.</summary>
    public static LedgerFacts Chained(IEnumerable<LedgerLine> lines, IReadOnlyList<LedgerAccount> accounts)
    {
        var (head, chained) = (new byte[32], new List<LedgerLine>());
        foreach (var line in lines)
        {
            var next = line with { Sequence = chained.Count + 1, PreviousHash = head };
            var text = string.Join('\n', next.Sequence.ToString(CultureInfo.InvariantCulture), next.Id, next.Action, next.Debit, next.Credit, next.AmountNano, next.Kind, next.Reference, next.UnixMilliseconds, next.Reservation) + "\n";
            head = SHA256.HashData([.. head, .. Encoding.UTF8.GetBytes(text)]);
            chained.Add(next with { Hash = head });
        }

        return new(chained, accounts, []);
    }

    public static LedgerLine Line(string id, string debit, string credit, long amount, int kind, int action = 0, string? reservation = null) =>
        new(0, id, action, debit, credit, amount, kind, "test", 1_768_478_400_000, reservation, [], []);

    private static LedgerFacts Ledger(List<VerifiedParticipant> paid)
    {
        var epoch = $"epoch/{Report.Epoch}";
        List<LedgerLine> lines = [Line("chain/ab01", "chain:distribution", $"revenue:{Report.Epoch}", Deposit, 1)];
        lines.AddRange(Report.Participants.Where(p => p.ShareNano > 0).Select(p => Line($"{epoch}/share/{p.Address}", $"revenue:{Report.Epoch}", $"participant:{p.Address}:rewards", p.ShareNano, 4)));

        // What earlier epochs carried in is payable with this one.
        lines.AddRange(paid.Where(p => p.PayableNano > p.ShareNano).Select(p => Line($"carried/{p.Address}", $"revenue:{Report.Epoch}", $"participant:{p.Address}:rewards", p.PayableNano - p.ShareNano, 20)));
        lines.AddRange(paid.Select(p => Line($"pay/{p.Address}", $"participant:{p.Address}:rewards", "settlement:in-flight", p.PayableNano, 6, action: 1)));
        lines.AddRange(paid.Select(p => Line($"pay/{p.Address}/posted", $"participant:{p.Address}:rewards", "settlement:in-flight", p.PayableNano, 6, action: 2, $"pay/{p.Address}")));
        lines.Add(Line("paid", "settlement:in-flight", "chain:distribution", Owed, 7));
        lines.Add(Line("chain/stake", "chain:stake", "stake:alice", Stake, 2));
        lines.Add(Line("chain/vault", $"chain:vault:{Vault}", $"revenue:{Report.Epoch}", VaultHolds, 1));
        return Chained(lines, [new("chain:distribution", Deposit - Owed, 0), new("settlement:in-flight", 0, 0), new("chain:stake", Stake, 0), new($"chain:vault:{Vault}", VaultHolds, 0)]);
    }

    private static WorkFacts Work()
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new(
            [new("task-1", 1, "alice-worker", "alice", 100, 10, true, false), new("task-2", 1, "alice-worker", "alice", 50, 5, true, false)],
            [new(1, "alice", 150, 20_000, 2)],
            [new(1, "alice-worker", "alice", at, at.AddSeconds(10), 10_000), new(1, "alice-worker", "alice", at.AddSeconds(10), at.AddSeconds(20), 10_000)]);
    }
}
