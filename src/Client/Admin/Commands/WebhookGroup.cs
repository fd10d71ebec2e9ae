using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>webhook …</c>: who is told what, what was told, and telling it again.</summary>
internal static class WebhookGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("webhook", "Webhooks: who is told of what, how it went, telling it again.")
    {
        List(pool), New(pool), Remove(pool), Deliveries(pool), Replay(pool),
    };

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask("list", "All webhooks, without their secrets.", ["webhook list"], paging.Symbols, parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/webhooks")), (page, screen) =>
        {
            screen.Table(
                ["id", "url", "events", "created by", "created at"],
                page.List("data").Select(w => new[] { w["id"], w["url"], string.Join(' ', w.List("events").Select(e => e.Element.GetString())), w["created_by"], w["created_at"] }),
                "Nobody is told of anything.");
            screen.More(page);
        });
    }

    private static Command New(PoolCommands pool)
    {
        var url = new Argument<string>("URL") { Description = "https address of the receiver, on the public internet" };
        var events = new Option<string[]>("--event") { Description = "what to tell of; give it once for each, such as epoch_finalized, payout_held, slash_opened, settlement_stopped (docs/live.md has them all)", Required = true };
        return pool.Ask(
            "create", "Tells a receiver of events from now on; asks for the secret that deliveries are signed with.",
            ["webhook create https://shop.example/pool --event epoch_finalized --event slash_opened"], [url, events],
            parsed => PoolRequest.Post($"/api/v1/webhooks", new { url = parsed.GetRequiredValue(url), events = parsed.GetRequiredValue(events), secret = Prompt.Secret("secret, 16 to 200 characters") }),
            (webhook, screen) => screen.Facts(("id", webhook["id"]), ("url", webhook["url"])));
    }

    private static Command Remove(PoolCommands pool)
    {
        var id = new Argument<string>("ID") { Description = "the webhook's id, as in webhook list" };
        return pool.Ask(
            "remove", "Tells it no more.", ["webhook remove 01920f7c-0000-7000-8000-000000000000"], [id], parsed => PoolRequest.Delete($"/api/v1/webhooks/{parsed.GetValue(id)}"),
            (webhook, screen) => screen.Verdict(good: true, $"{webhook["id"]} is told no more."));
    }

    private static Command Deliveries(PoolCommands pool)
    {
        var paging = new Paging(50);
        return pool.Ask(
            "deliveries", "What was told, newest first, and how it went.", ["webhook deliveries --limit 20"], paging.Symbols,
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/webhooks/deliveries")),
            (page, screen) =>
            {
                screen.Table(
                    ["id", "webhook", "event", "happened at", "#tries", "next", "finished at", "outcome"],
                    page.List("data").Select(d => new[] { d["id"], d["webhook_id"], d["event"], d["happened_at"], d["attempts"], d["next_at"], d["finished_at"], d["last_outcome"] }),
                    "Nothing was told yet.");
                screen.More(page);
            });
    }

    private static Command Replay(PoolCommands pool)
    {
        var id = new Argument<string>("DELIVERY") { Description = "the delivery's id, as in webhook deliveries" };
        return pool.Ask(
            "replay", "Sends a delivery once more, under its id, so that the receiver knows it.", ["webhook replay 01920f7c-0000-7000-8000-000000000000"], [id],
            parsed => PoolRequest.Post($"/api/v1/webhooks/deliveries/{parsed.GetValue(id)}/replay", new { }),
            (delivery, screen) => screen.Verdict(good: true, $"{delivery["id"]} is sent again within a second."));
    }
}
