using System.Security.Cryptography;
using CocoonPool.Chaos.Audit.Facts;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Verifier;

namespace CocoonPool.Chaos.Audit;

/// <summary>Each epoch was closed once, as the operator was told; its bundle, its rows, its ledger lines and the second implementation agree.</summary>
public static class EpochJudge
{
    private const int FeeKind = 3;
    private const int ShareKind = 4;

    public static IEnumerable<string> Judge(PoolFacts facts, IReadOnlyCollection<ClosingView> told) =>
        [.. Told(facts.Epochs, told), .. facts.Epochs.Where(epoch => epoch.Bundle is not null).SelectMany(epoch => Recompute(epoch, facts.Ledger))];

    private static IEnumerable<string> Told(IReadOnlyList<EpochFacts> epochs, IReadOnlyCollection<ClosingView> told)
    {
        foreach (var closing in told)
        {
            var epoch = epochs.FirstOrDefault(e => e.Number == closing.Epoch);
            if (epoch?.Bundle is null || epoch.BundleHash != closing.BundleHash)
                yield return $"epoch {closing.Epoch}: closed with bundle {closing.BundleHash}, as the operator was told; stored is {epoch?.BundleHash ?? "none"}";
            else if (epoch.RevenueNano != Ton.Parse(closing.RevenueNano) || epoch.FeeNano != Ton.Parse(closing.FeeNano))
                yield return $"epoch {closing.Epoch}: revenue and fee are not what the operator was told";
        }

        foreach (var twice in told.GroupBy(closing => closing.Epoch).Where(group => group.Select(closing => closing.BundleHash).Distinct(StringComparer.Ordinal).Count() > 1))
            yield return $"epoch {twice.Key}: was closed with {twice.Count()} different results";
    }

    private static IEnumerable<string> Recompute(EpochFacts epoch, LedgerFacts ledger)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(epoch.Bundle!)) != epoch.BundleHash)
            yield return $"epoch {epoch.Number}: the bundle's hash is not that of its bytes";
        var verified = EpochVerifier.Verify(epoch.Bundle, epoch.BundleHash);
        foreach (var difference in verified.Differences)
            yield return $"epoch {epoch.Number}: {difference}";

        var rows = epoch.Shares.ToDictionary(row => row.Participant, StringComparer.Ordinal);
        foreach (var participant in verified.Participants.Where(p => p.ShareNano > 0 || p.PayableNano > 0))
        {
            if (!rows.Remove(participant.Address, out var row) || row.ShareNano != participant.ShareNano || row.PayableNano != participant.PayableNano)
                yield return $"epoch {epoch.Number}: {participant.Address} has {participant.ShareNano}, of which {participant.PayableNano} payable, by the rules; stored is {row}";
        }

        foreach (var row in rows.Values.Where(row => row.ShareNano > 0 || row.PayableNano > 0))
            yield return $"epoch {epoch.Number}: {row.Participant} has a row of {row.ShareNano} and nothing by the rules";

        var lines = ledger.Lines.Where(line => line.Kind is FeeKind or ShareKind && line.Id.StartsWith($"epoch/{epoch.Number}/", StringComparison.Ordinal)).ToList();
        foreach (var participant in verified.Participants.Where(p => p.ShareNano > 0))
        {
            var booked = lines.Where(line => line.Kind == ShareKind && line.Credit == $"participant:{participant.Address}:rewards").ToList();
            if (booked is not [var line] || line.AmountNano != participant.ShareNano)
                yield return $"epoch {epoch.Number}: {participant.Address} earned {participant.ShareNano} and {booked.Count} lines book {booked.Sum(b => b.AmountNano)}";
        }

        if (lines.Count(line => line.Kind == ShareKind) != verified.Participants.Count(p => p.ShareNano > 0))
            yield return $"epoch {epoch.Number}: the books share out to others than the rules";
    }
}
