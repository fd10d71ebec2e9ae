using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>approval …</c>: operations that two people have to want.</summary>
internal static class ApprovalGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("approval", "Operations that need two people: list, propose, approve, cancel.")
    {
        List(pool), Propose(pool),
        Decide(pool, "approve", "Agrees as the second person; it is carried out after the timelock."),
        Decide(pool, "cancel", "Takes it back before it is carried out."),
    };

    /// <summary>What a command asks whose operation two people have to want.</summary>
    public static PoolRequest Wish(string kind, object payload, string reason) => PoolRequest.Post($"/api/v1/approvals", new { kind, payload, reason });

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask("list", "All of them, newest first.", ["approval list"], paging.Symbols, parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/approvals")), (page, screen) =>
        {
            screen.Table(
                ["id", "kind", "state", "proposed by", "decided by", "due", "reason"],
                page.List("data").Select(a => new[] { a["id"], a["kind"], a["state"], a["proposed_by"], a["decided_by"], a["execute_at"], a["reason"] }), "There are none.");
            screen.More(page);
        });
    }

    private static Command Propose(PoolCommands pool)
    {
        var kind = new Argument<string>("KIND") { Description = "which operation, ledger_adjustment, parameter_change, slash_uphold or settlement_resume" };
        var payload = new Option<string>("--payload") { Description = "its arguments as JSON", Required = true };
        var reason = new Option<string>("--reason") { Description = "why; the second person reads it", Required = true };
        return pool.Ask(
            "propose", "Proposes an operation as the first person.",
            ["approval propose ledger_adjustment --payload '{\"debit\":\"treasury\",\"credit\":\"burned\",\"amount_nano\":\"1\"}' --reason \"see incident 7\""], [kind, payload, reason],
            parsed => Wish(parsed.GetRequiredValue(kind), Json(parsed.GetRequiredValue(payload)), parsed.GetRequiredValue(reason)), Show);
    }

    private static Command Decide(PoolCommands pool, string verb, string description)
    {
        var id = new Argument<string>("ID") { Description = "its id, as in approval list" };
        return pool.Ask(verb, description, [$"approval {verb} 01920f7c-0000-7000-8000-000000000000"], [id], parsed => PoolRequest.Post($"/api/v1/approvals/{parsed.GetValue(id)}/{verb}", new { }), Show);
    }

    public static void Show(Fields a, Screen screen) => screen.Facts(
        ("id", a["id"]), ("kind", a["kind"]), ("state", a["state"]), ("proposed by", a["proposed_by"]), ("decided by", a["decided_by"]), ("due", a["execute_at"]), ("reason", a["reason"]), ("payload", a["payload"]));

    private static System.Text.Json.JsonElement Json(string text)
    {
        try
        {
            return System.Text.Json.JsonElement.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            throw new AdminException(ExitCode.Usage, "--payload is no valid JSON.");
        }
    }
}
