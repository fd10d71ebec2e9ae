using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>participant …</c>: the people who bring GPUs.</summary>
internal static class ParticipantGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("participant", "Participants: list, look at one, suspend, slash, pay a stake back.")
    {
        List(pool),
        Show(pool),
        Suspend(pool),
        Unsuspend(pool),
        SlashCommands.List(pool),
        SlashCommands.Open(pool),
        SlashCommands.Uphold(pool),
        SlashCommands.Void(pool),
        StakeCommands.List(pool),
    };

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask(
            "list", "All participants.", ["participant list"], paging.Symbols,
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/participants")),
            (page, screen) =>
            {
                screen.Table(
                    ["address", "state", "#stake, TON", "#required, TON", "#GPUs", "#reputation", "joined"],
                    page.List("data").Select(one => new[]
                    {
                        one["address"], one["state"], one.Ton("stake_nano"), one.Ton("required_stake_nano"), one["gpus"], one["reputation"], one["joined_at"],
                    }),
                    "Nobody has joined yet.");
                screen.More(page);
            });
    }

    private static Command Show(PoolCommands pool)
    {
        var address = Address();
        return pool.Ask(
            "show", "One participant.", ["participant show 0:4e5f…"], [address],
            parsed => PoolRequest.Get($"/api/v1/participants/{parsed.GetValue(address)}"), Facts);
    }

    private static Command Suspend(PoolCommands pool)
    {
        var (address, reason) = (Address(), Reason());
        return pool.Ask(
            "suspend", "Suspends a participant and drains the workers; a top-up does not lift it.", ["participant suspend 0:4e5f… --reason \"investigation\""], [address, reason],
            parsed => PoolRequest.Post($"/api/v1/participants/{parsed.GetValue(address)}/suspend", new { reason = parsed.GetValue(reason) }), Facts);
    }

    private static Command Unsuspend(PoolCommands pool)
    {
        var address = Address();
        return pool.Ask(
            "unsuspend", "Lifts a suspension, if the stake reaches the tier.", ["participant unsuspend 0:4e5f…"], [address],
            parsed => PoolRequest.Post($"/api/v1/participants/{parsed.GetValue(address)}/unsuspend", new { }), Facts);
    }

    internal static Argument<string> Address() => new("ADDRESS") { Description = "wallet address, raw or user-friendly" };

    internal static Option<string> Reason() => new("--reason") { Description = "why, for the participant to read", Required = true };

    private static void Facts(Fields one, Screen screen) => screen.Facts(
        ("address", one["address"]),
        ("friendly", one["address_friendly"]),
        ("state", one["state"]),
        ("suspended because", one["suspended_because"]),
        ("joined", one["joined_at"]),
        ("referred by", one["referrer"]),
        ("paid to", one["payout_address"]),
        ("from then on to", $"{one["next_payout_address"]} {one["next_payout_from"]}".Trim()),
        ("smallest payout", one.Ton("min_payout_nano") + " TON"),
        ("schedule", one["schedule"]),
        ("stake", one.Ton("stake_nano") + " TON"),
        ("held", one.Ton("stake_held_nano") + " TON"),
        ("asked back", one.Ton("stake_leaving_nano") + " TON"),
        ("required stake", one.Ton("required_stake_nano") + " TON"),
        ("GPUs", one["gpus"]),
        ("reputation", one["reputation"]));
}
