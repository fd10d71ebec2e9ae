using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>maintenance …</c>: times in which the pool takes no new work.</summary>
internal static class MaintenanceGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("maintenance", "Maintenance: announced windows, and one that begins at once.")
    {
        Schedule(pool),
        Start(pool),
        pool.Ask("end", "Ends the maintenance, and the window that it belongs to.", ["maintenance end"], [], _ => PoolRequest.Delete($"/api/v1/maintenance"), ShowPool),
        Cancel(pool),
        List(pool),
    };

    private static Command Schedule(PoolCommands pool)
    {
        var (from, until, reason) = (Moment("--from", "when it begins, at least 48 hours ahead"), Moment("--until", "when the pool takes work again"), Reason());
        return pool.Ask(
            "schedule", "Announces a window; it begins and ends by itself.",
            ["maintenance schedule --from 2026-03-03T02:00Z --until 2026-03-03T04:00Z --reason \"new disks\""], [from, until, reason],
            parsed => PoolRequest.Post($"/api/v1/maintenance", new { reason = parsed.GetValue(reason), starts_at = parsed.GetValue(from), ends_at = parsed.GetValue(until) }), ShowWindow);
    }

    private static Command Start(PoolCommands pool)
    {
        var reason = Reason();
        return pool.Ask(
            "start", "Starts a maintenance at once: no new work, running work goes on.", ["maintenance start --reason \"disk is full\""], [reason],
            parsed => PoolRequest.Post($"/api/v1/maintenance", new { reason = parsed.GetValue(reason) }), ShowPool);
    }

    private static Command Cancel(PoolCommands pool)
    {
        var id = new Argument<string>("WINDOW") { Description = "the window's id, as in maintenance list" };
        return pool.Ask("cancel", "Takes a window back before it begins.", ["maintenance cancel m3"], [id], parsed => PoolRequest.Delete($"/api/v1/maintenance/{parsed.GetValue(id)}"), ShowWindow);
    }

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask(
            "list", "The windows, the latest first.", ["maintenance list"], paging.Symbols, parsed => paging.Page(parsed, PoolRequest.GetPublic($"/api/v1/maintenance")),
            (page, screen) =>
            {
                screen.Table(
                    ["window", "state", "from", "until", "reason"],
                    page.List("data").Select(one => new[] { one["id"], one["state"], one["starts_at"], one["ends_at"], one["reason"] }),
                    "No maintenance was ever announced.");
                screen.More(page);
            });
    }

    private static Option<DateTimeOffset> Moment(string name, string description) => new(name)
    {
        Description = description + ", such as 2026-03-03T02:00Z",
        Required = true,
        // Without an offset it would be read in whatever zone this machine happens to be in.
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var moment))
                return moment.ToUniversalTime();
            result.AddError($"{name} is a moment such as 2026-03-03T02:00Z.");
            return default;
        },
    };

    private static Option<string> Reason() => new("--reason") { Description = "why, for everybody to read", Required = true };

    private static void ShowPool(Fields stats, Screen screen) => screen.Facts(("pool", $"{stats["name"]} ({stats["id"]})"), ("state", stats["state"]));

    private static void ShowWindow(Fields window, Screen screen) => screen.Facts(
        ("window", window["id"]), ("state", window["state"]), ("from", window["starts_at"]), ("until", window["ends_at"]), ("reason", window["reason"]));
}
