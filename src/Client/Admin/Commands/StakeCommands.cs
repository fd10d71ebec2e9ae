using System.CommandLine;
using CocoonPool.Client.Admin.Connection;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>participant withdrawals</c> and <c>participant paid</c>: stake that goes back.</summary>
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
                    ["withdrawal", "state", "full", "#asked, TON", "#released, TON", "due", "transaction"],
                    page.List("data").Select(one => new[]
                    {
                        one["id"], one["state"], one["full"], one.Ton("amount_nano"), one.Ton("released_nano"), one["due_at"], one["transaction"],
                    }),
                    "Nothing was ever asked back.");
                screen.More(page);
            });
    }

    public static Command Paid(PoolCommands pool)
    {
        var address = ParticipantGroup.Address();
        var id = new Argument<string>("WITHDRAWAL") { Description = "the withdrawal's id, as in participant withdrawals" };
        var transaction = new Option<string>("--transaction") { Description = "hash of the payment, 64 hexadecimal digits", Required = true };
        return pool.Ask(
            "paid", "Notes the transaction with which a released stake was paid back, so that the books let it go.",
            ["participant paid 0:4e5f… w1 --transaction 9f3a…"], [address, id, transaction],
            parsed => PoolRequest.Post(
                $"/api/v1/participants/{parsed.GetValue(address)}/stake/withdrawals/{parsed.GetValue(id)}/paid", new { transaction = parsed.GetValue(transaction) }),
            (one, screen) => screen.Facts(
                ("withdrawal", one["id"]), ("state", one["state"]), ("released", one.Ton("released_nano") + " TON"), ("transaction", one["transaction"])));
    }
}
