using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>payment …</c>: what one participant was paid, with the transactions that prove it.</summary>
internal static class PaymentGroup
{
    public static Command Create(PoolCommands pool)
    {
        var paging = new Paging();
        var address = new Option<string>("--address") { Description = "the participant's wallet address, raw or user-friendly", Required = true };
        return new ExampledCommand("payment", "Payouts of a participant.")
        {
            pool.Ask(
                "status", "Every payout of a participant.", ["payment status --address 0:4e5f…"], [address, .. paging.Symbols],
                parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/participants/{parsed.GetValue(address)}/payouts")),
                (page, screen) =>
                {
                    screen.Table(
                        ["#epoch", "#batch", "status", "#amount, TON", "paid to", "transaction"],
                        page.List("data").Select(payout => new[]
                        {
                            payout["epoch"], payout["batch"], payout["status"], payout.Ton("amount_nano"), payout["payout_address"], payout["transaction"],
                        }),
                        "Nothing was paid yet.");
                    screen.More(page);
                }),
        };
    }
}
