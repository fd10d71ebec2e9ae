using System.CommandLine;
using System.Globalization;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>payment reconcile</c>: ledger ↔ settlements ↔ chain over days; every difference with what to do.</summary>
internal static class PaymentReconcile
{
    public static Command Create(PoolCommands pool)
    {
        var date = Day("--date", "the day in UTC, such as 2026-01-31 (default: today)");
        var until = Day("--until", "the last day, when it is more than one; at most 31 days");
        var freeze = new Option<bool>("--freeze") { Description = "also stop the payouts of each participant whose payments differ, and of nobody else; two people lift it" };
        return pool.Do(
            "reconcile", "Compares the books, the settlements and the chain. Exit code 1 when something differs.",
            ["payment reconcile --date 2026-01-31", "payment reconcile --date 2026-01-25 --until 2026-01-31 --json", "payment reconcile --date 2026-01-31 --freeze"], [date, until, freeze],
            async (parsed, api, cancellationToken) =>
            {
                var answer = await api.Json(PoolRequest.Get(Path(parsed.GetValue(date), parsed.GetValue(until))), cancellationToken);
                var report = new Fields(answer.Root);
                pool.Print(parsed, answer, Show);
                if (parsed.GetValue(freeze))
                {
                    var concerned = report.List("differences.data").Where(difference => difference.Is("passing", "no") && difference.Has("participant"));
                    foreach (var difference in concerned.DistinctBy(difference => difference["participant"]))
                        await api.Json(PoolRequest.Post($"/api/v1/participants/{difference["participant"]}/payout-freeze", new { reason = $"reconciliation: {difference["kind"]}" }), cancellationToken);
                }
                return report.Is("agrees", "yes") ? ExitCode.Done : ExitCode.Refused;
            });
    }

    private static FormattableString Path(string? date, string? until) => (date, until) switch
    {
        (null, null) => $"/api/v1/payments/reconciliation?limit=1000",
        (_, null) => $"/api/v1/payments/reconciliation?limit=1000&from={date}",
        (null, _) => $"/api/v1/payments/reconciliation?limit=1000&until={until}",
        _ => $"/api/v1/payments/reconciliation?limit=1000&from={date}&until={until}",
    };

    private static void Show(Fields report, Screen screen)
    {
        screen.Facts(
            ("days", $"{report["from"]} to {report["until"]}, UTC"),
            ("payments to the pool", $"{report["payments"]}, {report.Ton("received_nano")} TON"),
            ("epochs compared", report.List("epochs").Count == 0 ? "none" : string.Join(", ", report.List("epochs").Select(epoch => epoch["epoch"]))));
        foreach (var difference in report.List("differences.data"))
        {
            screen.Verdict(difference.Is("passing", "yes"), $"{difference["kind"]}: {difference["text"]}{Amounts(difference)}{Named(difference, "participant")}{Named(difference, "subject")}");
            screen.Line($"  {difference["remedy"]}");
        }
        if (report.Is("differences.pagination.has_more", "yes"))
            screen.Line($"… of {report["differences.pagination.total"]}; the API lists the others.");
        screen.Verdict(report.Is("agrees", "yes"), report.Is("agrees", "yes") ? "Ledger, settlements and chain agree." : "Ledger, settlements and chain differ.");
    }

    private static string Amounts(Fields difference) => (difference.Has("expected_nano"), difference.Has("found_nano")) switch
    {
        (true, true) => $" Expected {difference.Ton("expected_nano")} TON, found {difference.Ton("found_nano")} TON.",
        (true, false) => $" {difference.Ton("expected_nano")} TON.",
        (false, true) => $" {difference.Ton("found_nano")} TON.",
        _ => "",
    };

    private static string Named(Fields difference, string what) => difference.Has(what) ? $" {what}: {difference[what]}." : "";

    private static Option<string?> Day(string name, string description)
    {
        var day = new Option<string?>(name) { Description = description };
        day.Validators.Add(result =>
        {
            if (!DateOnly.TryParseExact(result.GetValueOrDefault<string?>(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                result.AddError($"{name} takes a day such as 2026-01-31.");
        });
        return day;
    }
}
