using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>participant …</c>: the people who bring GPUs.</summary>
internal static class ParticipantGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("participant", "Participants: list, look at one.") { List(pool), Show(pool) };

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
        var address = new Argument<string>("ADDRESS") { Description = "wallet address, raw or user-friendly" };
        return pool.Ask(
            "show", "One participant.", ["participant show 0:4e5f…"], [address],
            parsed => PoolRequest.Get($"/api/v1/participants/{parsed.GetValue(address)}"),
            (one, screen) => screen.Facts(
                ("address", one["address"]),
                ("friendly", one["address_friendly"]),
                ("state", one["state"]),
                ("joined", one["joined_at"]),
                ("paid to", one["payout_address"]),
                ("smallest payout", one.Ton("min_payout_nano") + " TON"),
                ("stake", one.Ton("stake_nano") + " TON"),
                ("required stake", one.Ton("required_stake_nano") + " TON"),
                ("GPUs", one["gpus"]),
                ("reputation", one["reputation"])));
    }
}
