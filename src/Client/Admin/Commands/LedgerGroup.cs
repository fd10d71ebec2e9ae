using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>ledger …</c>: the books, and whether they are right.</summary>
internal static class LedgerGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("ledger", "The books: transfers, and whether they are right.") { Show(pool), Verify(pool) };

    private static Command Show(PoolCommands pool)
    {
        var paging = new Paging(50);
        return pool.Ask(
            "show", "The transfers in order, oldest first.", ["ledger show --limit 20", "ledger show --cursor 50"], paging.Symbols,
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/ledger/transfers")),
            (page, screen) =>
            {
                screen.Table(
                    ["#sequence", "at", "action", "kind", "#amount, TON", "debit", "credit", "reference"],
                    page.List("data").Select(transfer => new[]
                    {
                        transfer["sequence"], transfer["at"], transfer["action"], transfer["kind"], transfer.Ton("amount_nano"),
                        transfer["debit"], transfer["credit"], transfer["reference"],
                    }),
                    "There are no transfers.");
                screen.More(page);
            });
    }

    private static Command Verify(PoolCommands pool) => pool.Ask(
        "verify", "Lets the pool replay every transfer and the hash chain; exit code 1 when something is wrong.", ["ledger verify"], [],
        _ => PoolRequest.Get($"/api/v1/ledger/verify"),
        (books, screen) =>
        {
            screen.Facts(("transfers", books["transfers"]), ("head hash", books["head_hash"]));
            screen.Verdict(IsRight(books), IsRight(books) ? "Every transfer, balance and hash is right." : $"First problem: {books["first_problem"]}");
        },
        IsRight);

    private static bool IsRight(Fields books) => books.Has("transfers") && !books.Has("first_problem");
}
