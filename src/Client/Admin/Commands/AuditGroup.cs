using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>audit …</c>: who did what, and whether the log is whole.</summary>
internal static class AuditGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("audit", "The audit log: read it, check its chain.") { List(pool), Verify(pool) };

    public static void Show(Fields page, Screen screen)
    {
        screen.Table(
            ["#line", "at", "who", "role", "action", "object", "from", "success", "request"],
            page.List("data").Select(l => new[] { l["sequence"], l["at"], l["actor"], l["role"], l["action"], l["object"], l["source"], l["success"], l["request_id"] }),
            "There are no lines.");
        screen.More(page);
    }

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging(50);
        var actor = new Option<string?>("--actor") { Description = "only lines of this account, address or client" };
        return pool.Ask(
            "show", "The audit log, newest first; --json has the state before and after.", ["audit show --limit 20", "audit show --actor alice"], [actor, .. paging.Symbols],
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/audit"), ("actor", parsed.GetValue(actor))), Show);
    }

    private static Command Verify(PoolCommands pool) => pool.Ask(
        "verify", "Lets the pool recompute the log's hash chain; exit code 1 when something is wrong. Keep the head hash elsewhere and compare.", ["audit verify"], [],
        _ => PoolRequest.Get($"/api/v1/audit/verify"),
        (log, screen) =>
        {
            screen.Facts(("first kept line", log["from"]), ("lines", log["lines"]), ("head hash", log["head"]));
            screen.Verdict(IsWhole(log), IsWhole(log) ? "Every line follows from the one before." : $"First problem: {log["first_problem"]}");
        },
        IsWhole);

    private static bool IsWhole(Fields log) => log.Has("lines") && !log.Has("first_problem");
}
