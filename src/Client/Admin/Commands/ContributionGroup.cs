using System.CommandLine;
using System.Globalization;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>contribution …</c>: the months in which contributions are kept.</summary>
internal static class ContributionGroup
{
    public static Command Create(PoolCommands pool) =>
        new ExampledCommand("contribution", "Contributions: the months that are kept, and retiring old ones.") { Months(pool), Retire(pool) };

    private static Command Months(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask(
            "months", "The months of contributions that are kept, oldest first.", ["contribution months"], paging.Symbols,
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/contributions/months")),
            (page, screen) =>
            {
                screen.Table(
                    ["table", "month", "#rows, about", "#bytes"],
                    page.List("data").Select(month => new[] { month["table"], month["month"], month["rows"], month["bytes"] }),
                    "There are no months.");
                screen.More(page);
            });
    }

    private static Command Retire(PoolCommands pool)
    {
        var before = new Option<string>("--before") { Description = "a month such as 2026-01: those before it go", Required = true };
        before.Validators.Add(result =>
        {
            if (!TryMonth(result.GetValueOrDefault<string>(), out _))
                result.AddError("--before takes a month such as 2026-01.");
        });
        return pool.Ask(
            "retire", "Detaches the months before this one whose epochs are paid; the tables stay, to be archived and dropped.", ["contribution retire --before 2026-01"], [before],
            parsed => PoolRequest.Post($"/api/v1/contributions/retire", new { before = TryMonth(parsed.GetValue(before), out var month) ? month : default }),
            (retirement, screen) =>
            {
                screen.Table(["retired"], retirement.List("retired").Select(table => new[] { table.Element.GetString()! }), "No month was retired.");
                screen.Verdict(!retirement.Has("kept"), retirement.Has("kept") ? $"Kept, with all after it: {retirement["kept"]}" : "Nothing older is kept.");
            },
            retirement => !retirement.Has("kept"));
    }

    private static bool TryMonth(string? text, out DateTimeOffset month) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out month);
}
