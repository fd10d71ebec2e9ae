using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;
using CocoonPool.Verifier;

namespace CocoonPool.Client.Admin.Commands;

/// <summary>
/// <c>payment audit</c>: follows an epoch's money from the receipts to the chain. The pool says what it has; what can be recomputed from
/// the published bundle is recomputed here, by code that shares nothing with the pool.
/// </summary>
internal static class PaymentAudit
{
    public static Command Create(PoolCommands pool)
    {
        var number = EpochGroup.Number();
        var withoutReceipts = new Option<bool>("--without-receipts") { Description = "leave out the adding up of the receipts, for epochs whose months were retired" };
        var paging = new Paging();
        return pool.Do(
            "audit", "Proves that each participant of an epoch got exactly their share. Exit code 1 when it is not proven, or not paid yet.",
            ["payment audit 7", "payment audit 7 --without-receipts --json"], [number, withoutReceipts, .. paging.Symbols],
            async (parsed, api, cancellationToken) =>
            {
                var epoch = parsed.GetValue(number);
                var bundle = await api.Bytes(PoolRequest.GetPublic($"/api/v1/epochs/{epoch}/bundle.json"), cancellationToken);
                var recomputed = EpochVerifier.Verify(bundle, null);
                var answer = await api.Json(
                    paging.Page(parsed, PoolRequest.Get($"/api/v1/epochs/{epoch}/settlement/audit"), ("receipts", parsed.GetValue(withoutReceipts) ? "false" : null)), cancellationToken);
                var audit = new Fields(answer.Root);
                var wrong = recomputed.Differences.Concat(Disagreements(recomputed, audit)).ToList();
                pool.Print(parsed, With(answer, wrong), (fields, screen) => Show(fields, wrong, screen));
                return wrong.Count == 0 && audit.Is("proven", "yes") ? ExitCode.Done : ExitCode.Refused;
            });
    }

    /// <summary>The entries that the pool follows are those that follow from the bundle.</summary>
    private static IEnumerable<string> Disagreements(VerificationReport recomputed, Fields audit)
    {
        var shares = recomputed.Participants.Where(participant => participant.PayableNano > 0).ToDictionary(participant => participant.Address, StringComparer.Ordinal);
        foreach (var entry in audit.List("entries.data"))
        {
            if (!shares.TryGetValue(entry["participant"], out var share) || entry["amount_nano"] != $"{share.PayableNano}" || entry["payout_address"] != share.PayoutAddress)
                yield return $"entry {entry["index"]} of {entry["participant"]} is {entry["amount_nano"]} nanoTON to {entry["payout_address"]}; the bundle gives {share?.PayableNano ?? 0} to {share?.PayoutAddress ?? "nobody"}.";
        }
        if (audit["entries.pagination.total"] != $"{shares.Count}")
            yield return $"the pool follows {audit["entries.pagination.total"]} entries, the bundle has {shares.Count}.";
    }

    private static void Show(Fields audit, List<string> wrong, Screen screen)
    {
        screen.Verdict(wrong.Count == 0, wrong.Count == 0 ? "the bundle recomputed: shares, root and entries are right" : "the bundle recomputed:");
        foreach (var one in wrong.Take(20))
            screen.Line("  " + one);
        foreach (var link in audit.List("links"))
            screen.Verdict(link.Is("holds", "yes"), $"{link["what"].Replace('_', ' ')}: {link["detail"]}");
        foreach (var difference in audit.List("differences"))
            screen.Line($"  {difference["kind"]}: {difference["text"]} {difference["remedy"]}");
        screen.Table(
            ["#entry", "participant", "#amount, TON", "state", "#batch", "transaction"],
            audit.List("entries.data").Select(entry => new[] { entry["index"], entry["participant"], entry.Ton("amount_nano"), entry["state"], entry["batch"], entry["transaction"] }),
            "Nobody is paid in this epoch.");
        foreach (var state in audit.List("states"))
            screen.Line($"{state["state"]}: {state["payouts"]} payouts, {state.Ton("amount_nano")} TON");
        var proven = wrong.Count == 0 && audit.Is("proven", "yes");
        screen.Verdict(proven, proven ? "Every participant got exactly their share." : audit.Is("holds", "yes") && wrong.Count == 0 ? "Nothing is wrong; not everything is paid yet." : "This is not proven.");
    }

    /// <summary>A program reads what was recomputed here beside what the pool says.</summary>
    private static PoolAnswer With(PoolAnswer answer, List<string> wrong)
    {
        var json = JsonNode.Parse(answer.Text)!.AsObject();
        json["recomputed_differences"] = new JsonArray([.. wrong.Select(one => JsonValue.Create(one))]);
        return answer with { Text = json.ToJsonString(new JsonSerializerOptions { WriteIndented = false }) };
    }
}
