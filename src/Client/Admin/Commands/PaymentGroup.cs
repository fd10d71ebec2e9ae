using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>payment …</c>: what participants were paid, and whether ledger, settlements and chain say the same.</summary>
internal static class PaymentGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("payment", "Payouts: of a participant, the proof of an epoch's, and the daily reconciliation.")
    {
        Status(pool), PaymentAudit.Create(pool), PaymentReconcile.Create(pool),
    };

    private static Command Status(PoolCommands pool)
    {
        var paging = new Paging();
        var address = new Option<string>("--address") { Description = "the participant's wallet address, raw or user-friendly", Required = true };
        var epoch = new Option<int?>("--epoch") { Description = "only the payout of this epoch, with all that is known of it" };
        return pool.Do(
            "status", "Every payout of a participant, or one of them.", ["payment status --address 0:4e5f…", "payment status --address 0:4e5f… --epoch 7"], [address, epoch, .. paging.Symbols],
            async (parsed, api, cancellationToken) =>
            {
                var answer = parsed.GetValue(epoch) is { } number
                    ? await api.Json(PoolRequest.Get($"/api/v1/participants/{parsed.GetValue(address)}/payouts/{number}"), cancellationToken)
                    : await api.Json(paging.Page(parsed, PoolRequest.Get($"/api/v1/participants/{parsed.GetValue(address)}/payouts")), cancellationToken);
                pool.Print(parsed, answer, (fields, screen) => Show(fields, screen));
                return ExitCode.Done;
            });
    }

    private static void Show(Fields answer, Screen screen)
    {
        if (!answer.Has("data"))
        {
            screen.Facts(
                ("epoch", answer["epoch"]), ("entry", answer["index"]), ("amount", answer.Ton("amount_nano") + " TON"), ("paid to", answer["payout_address"]), ("status", answer["status"]),
                ("batch", answer["batch"]), ("list hash", answer["list_hash"]), ("transaction", answer["transaction"]), ("held because", answer["reason"]), ("alert", answer["alert"]));
            return;
        }
        screen.Table(
            ["#epoch", "#batch", "status", "#amount, TON", "paid to", "transaction"],
            answer.List("data").Select(payout => new[]
            {
                payout["epoch"], payout["batch"], payout["status"], payout.Ton("amount_nano"), payout["payout_address"], payout["transaction"],
            }),
            "Nothing was paid yet.");
        screen.More(answer);
    }
}
