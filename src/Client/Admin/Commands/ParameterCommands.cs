using System.CommandLine;
using System.Text.Json.Nodes;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>pool …</c>: parameters and their proposals, pause.</summary>
internal static class ParameterCommands
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("pool", "The pool: parameters, proposals, pause.")
    {
        Parameters(pool),
        Propose(pool),
        Proposals(pool),
        Cancel(pool),
        Halt(pool, "pause", "Stops new work at once, until resume.", "/api/v1/pool/pause"),
        State(pool, "resume", "Takes up work again.", PoolRequest.Post($"/api/v1/pool/resume", new { })),
    };

    private static Command Parameters(PoolCommands pool) => pool.Ask(
        "parameters", "The parameters that are in force.", ["pool parameters --json"], [], _ => PoolRequest.GetPublic($"/api/v1/pool/parameters"),
        (all, screen) => screen.Facts(
            ("fee_bps", all["fee_bps"]),
            ("max_participants", all["max_participants"]),
            ("epoch_duration_seconds", all["epoch_duration_seconds"]),
            ("parameter_timelock_seconds", all["parameter_timelock_seconds"]),
            ("withdrawal_delay_seconds", all["withdrawal_delay_seconds"]),
            ("heartbeat_interval_ms", all["heartbeat_interval_ms"]),
            ("heartbeat_timeout_ms", all["heartbeat_timeout_ms"]),
            ("min_uptime_bps", all["min_uptime_bps"]),
            ("min_payout_nano", all["min_payout_nano"]),
            ("max_concentration_bps", all["max_concentration_bps"]),
            ("enforce_concentration", all["enforce_concentration"])));

    private static Command Propose(PoolCommands pool)
    {
        var reason = ParticipantGroup.Reason();
        var set = new Option<string[]>("--set") { Description = "a parameter and its new value, NAME=VALUE, as pool parameters names them; may be repeated", Required = true, AllowMultipleArgumentsPerToken = true };
        set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) is var at && (at < 1 || at == token.Value.Length - 1)))
                result.AddError($"--set {token.Value}: give a name and a value, such as fee_bps=400.");
        });
        return pool.Ask(
            "propose", "Proposes other parameters; another person has to agree (approval approve), and then they wait the pool's timelock.",
            ["pool propose --set fee_bps=400 --set min_payout_nano=2000000000 --reason \"cheaper network\""], [set, reason],
            parsed => ApprovalGroup.Wish("parameter_change", Change(parsed.GetRequiredValue(set)), parsed.GetRequiredValue(reason)), ApprovalGroup.Show);
    }

    /// <summary>Amounts are strings in the API, every other number is a number, and what is JSON already stays what it is.</summary>
    private static JsonObject Change(string[] settings)
    {
        var body = new JsonObject();
        foreach (var setting in settings)
        {
            var (name, value) = (setting[..setting.IndexOf('=', StringComparison.Ordinal)], setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            body[name] = name.EndsWith("_nano", StringComparison.Ordinal) && char.IsAsciiDigit(value[0]) ? JsonValue.Create(value) : Json(value);
        }

        return body;
    }

    private static JsonNode? Json(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(value);
        }
    }

    private static Command Proposals(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask(
            "proposals", "All proposed changes, newest first.", ["pool proposals"], paging.Symbols,
            parsed => paging.Page(parsed, PoolRequest.GetPublic($"/api/v1/pool/parameters/proposals")),
            (page, screen) =>
            {
                screen.Table(
                    ["proposal", "state", "proposed", "applies", "reason"],
                    page.List("data").Select(one => new[] { one["id"], one["state"], one["proposed_at"], one["applies_at"], one["reason"] }),
                    "Nothing was ever proposed.");
                screen.More(page);
            });
    }

    private static Command Cancel(PoolCommands pool)
    {
        var id = new Argument<string>("PROPOSAL") { Description = "the proposal's id, as in pool proposals" };
        return pool.Ask("cancel", "Takes a proposal back while it waits.", ["pool cancel p3"], [id], parsed => PoolRequest.Delete($"/api/v1/pool/parameters/proposals/{parsed.GetValue(id)}"), Show);
    }

    private static Command Halt(PoolCommands pool, string verb, string description, string path)
    {
        var reason = new Option<string>("--reason") { Description = "why, for everybody to read", Required = true };
        return pool.Ask(verb, description, [$"pool {verb} --reason \"new racks\""], [reason], parsed => new PoolRequest(path, new { reason = parsed.GetValue(reason) }), ShowState);
    }

    private static Command State(PoolCommands pool, string verb, string description, PoolRequest request) =>
        pool.Ask(verb, description, [$"pool {verb}"], [], _ => request, ShowState);

    private static void Show(Fields proposal, Screen screen) => screen.Facts(
        ("proposal", proposal["id"]), ("state", proposal["state"]), ("reason", proposal["reason"]), ("proposed", proposal["proposed_at"]), ("applies", proposal["applies_at"]));

    private static void ShowState(Fields stats, Screen screen) => screen.Facts(("pool", $"{stats["name"]} ({stats["id"]})"), ("state", stats["state"]));
}
