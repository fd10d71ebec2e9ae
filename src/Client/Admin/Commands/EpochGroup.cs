using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>epoch …</c>: looking at epochs, closing one, fetching what was published of it.</summary>
internal static class EpochGroup
{
    public static Command Create(PoolCommands pool, Screen screen) =>
        new ExampledCommand("epoch", "Epochs: list, look at one, close one, fetch its bundle.") { List(pool), Show(pool), CloseEpoch(pool), Rebuild(pool), EpochBundle.Create(pool, screen) };

    public static Argument<int> Number()
    {
        var number = new Argument<int>("N") { Description = "the epoch's number, from 1" };
        number.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var value) && value < 1)
                result.AddError("Epochs are numbered from 1.");
        });
        return number;
    }

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask(
            "list", "All epochs, newest first.", ["epoch list", "epoch list --limit 5 --json"], paging.Symbols,
            parsed => paging.Page(parsed, PoolRequest.GetPublic($"/api/v1/epochs")),
            (page, screen) =>
            {
                screen.Table(
                    ["#epoch", "phase", "start", "end", "#revenue, TON", "#fee, TON", "#carried over, TON", "#participants"],
                    page.List("data").Select(epoch => new[]
                    {
                        epoch["number"], epoch["phase"], epoch["start"], epoch["end"], epoch.Ton("revenue_nano"), epoch.Ton("fee_nano"),
                        epoch.Ton("carried_over_nano"), epoch["participants"],
                    }),
                    "No epoch has begun.");
                screen.More(page);
            });
    }

    private static Command Show(PoolCommands pool)
    {
        var number = Number();
        return pool.Ask(
            "show", "One epoch.", ["epoch show 7"], [number],
            parsed => PoolRequest.GetPublic($"/api/v1/epochs/{parsed.GetValue(number)}"),
            (epoch, screen) => screen.Facts(
                ("epoch", epoch["number"]),
                ("phase", epoch["phase"]),
                ("start", epoch["start"]),
                ("end", epoch["end"]),
                ("revenue", epoch.Ton("revenue_nano") + " TON"),
                ("fee", epoch.Ton("fee_nano") + " TON"),
                ("carried over", epoch.Ton("carried_over_nano") + " TON"),
                ("participants", epoch["participants"]),
                ("Merkle root", epoch["merkle_root"]),
                ("bundle hash", epoch["bundle_hash"])));
    }

    private static Command CloseEpoch(PoolCommands pool)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "say what closing would give, and change nothing" };
        var early = new Option<bool>("--early") { Description = "close an epoch before its end; pools in Development only" };
        return pool.Ask(
            "finalize", "Closes the oldest open epoch: shares, fee and bundle are final afterwards.", ["epoch finalize --dry-run", "epoch finalize"], [dryRun, early],
            parsed => PoolRequest.Post($"/api/v1/epochs/finalize", new { dry_run = parsed.GetValue(dryRun), early = parsed.GetValue(early) }),
            (closing, screen) => screen.Facts(
                ("epoch", closing["epoch"] + (closing.Is("dry_run", "yes") ? " would be closed; nothing was changed" : closing.Is("finished", "no") ? " is being closed; `epoch show` says when it is done" : " is closed")),
                ("revenue", closing.Ton("revenue_nano") + " TON"),
                ("fee", closing.Ton("fee_nano") + " TON"),
                ("participants", closing["participants"]),
                ("bundle hash", closing["bundle_hash"])));
    }

    private static Command Rebuild(PoolCommands pool)
    {
        var number = Number();
        var check = new Option<bool>("--check") { Description = "only compare; exit code 1 when something differs" };
        return pool.Ask(
            "rebuild", "Adds an epoch up again from its contributions; repairs its tallies while it is open.", ["epoch rebuild 7 --check", "epoch rebuild 7"], [number, check],
            parsed => PoolRequest.Post($"/api/v1/epochs/{parsed.GetValue(number)}/rebuild", new { check = parsed.GetValue(check) }),
            (rebuilt, screen) =>
            {
                var differences = rebuilt.List("differences");
                screen.Table(
                    ["participant", "figure", "#kept", "#recomputed"],
                    differences.Select(d => new[] { d["participant"], d["figure"], d["kept"], d["recomputed"] }),
                    "Every tally is what its contributions make.");
                if (differences.Count > 0)
                    screen.Verdict(rebuilt.Is("repaired", "yes"), rebuilt.Is("repaired", "yes") ? "The tallies are right now." : "The tallies differ; nothing was changed.");
            },
            rebuilt => rebuilt.Is("repaired", "yes") || (rebuilt.Has("epoch") && rebuilt.List("differences").Count == 0));
    }
}
