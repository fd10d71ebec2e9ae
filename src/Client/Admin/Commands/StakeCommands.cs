using System.CommandLine;
using CocoonPool.Client.Admin.Connection;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>participant withdrawals</c>: stake that goes back.</summary>
internal static class StakeCommands
{
    public static Command List(PoolCommands pool)
    {
        var address = ParticipantGroup.Address();
        var paging = new Paging();
        return pool.Ask(
            "withdrawals", "A participant's withdrawals of stake, oldest first.", ["participant withdrawals 0:4e5f…"], [address, .. paging.Symbols],
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/participants/{parsed.GetValue(address)}/stake/withdrawals")),
            (page, screen) =>
            {
                screen.Table(
                    ["withdrawal", "state", "full", "on chain", "#asked, TON", "#released, TON", "due", "transaction"],
                    page.List("data").Select(one => new[]
                    {
                        one["id"], one["state"], one["full"], one["on_chain"], one.Ton("amount_nano"), one.Ton("released_nano"), one["due_at"], one["transaction"],
                    }),
                    "Nothing was ever asked back.");
                screen.More(page);
            });
    }
}
