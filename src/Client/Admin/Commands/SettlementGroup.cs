using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>settlement …</c>: how an epoch is paid out, stopping it and letting it go on.</summary>
internal static class SettlementGroup
{
    public static Command Create(PoolCommands pool)
    {
        var status = EpochGroup.Number();
        var plan = EpochGroup.Number();
        var start = EpochGroup.Number();
        var resume = EpochGroup.Number();
        var freeze = EpochGroup.Number();
        var reason = new Option<string>("--reason") { Description = "why, for the record", Required = true };
        var resumeReason = new Option<string>("--reason") { Description = "why; the second person reads it", Required = true };
        return new ExampledCommand("settlement", "Settlements: look at one, see what it would pay, start, freeze and resume one.")
        {
            pool.Ask(
                "status", "The settlement of an epoch with its batches.", ["settlement status 7"], [status],
                parsed => PoolRequest.GetPublic($"/api/v1/epochs/{parsed.GetValue(status)}/settlement"), Show),
            pool.Ask(
                "plan", "What settling would pay, or has still to pay, batch by batch; nothing is reserved or signed. Exit code 1 when the contract holds too little.",
                ["settlement plan 7"], [plan], parsed => PoolRequest.Get($"/api/v1/epochs/{parsed.GetValue(plan)}/settlement/plan"), ShowPlan,
                preview => !preview.Is("covered", "no")),
            pool.Ask(
                "start", "Starts, or wakes, the settlement of a finalized epoch.", ["settlement start 7"], [start],
                parsed => PoolRequest.Post($"/api/v1/epochs/{parsed.GetValue(start)}/settlement", new { }), Show),
            pool.Ask(
                "freeze", "Signs nothing new from now on; what is on its way arrives.", ["settlement freeze 7 --reason \"balances are being checked\""], [freeze, reason],
                parsed => PoolRequest.Post($"/api/v1/epochs/{parsed.GetValue(freeze)}/settlement/freeze", new { reason = parsed.GetValue(reason) }), Show),
            pool.Ask(
                "resume", "Proposes to lift a freeze; another person has to agree (approval approve).", ["settlement resume 7 --reason \"balances agree\""], [resume, resumeReason],
                parsed => ApprovalGroup.Wish("settlement_resume", new { epoch = parsed.GetValue(resume) }, parsed.GetRequiredValue(resumeReason)), ApprovalGroup.Show),
        };
    }

    private static void Show(Fields settlement, Screen screen)
    {
        screen.Facts(
            ("epoch", settlement["epoch"]),
            ("phase", settlement["phase"]),
            ("frozen", settlement["frozen"]),
            ("trouble", settlement["trouble"]),
            ("total", settlement.Ton("total_nano") + " TON"),
            ("paid", settlement.Ton("paid_nano") + " TON"));
        screen.Table(
            ["#batch", "phase", "#payouts", "#total, TON", "#network fee, TON", "transaction", "list hash"],
            settlement.List("batches").Select(batch => new[]
            {
                batch["index"], batch["phase"], batch["payouts"], batch.Ton("total_nano"), batch.Ton("network_fee_nano"), batch["transaction"], batch["list_hash"],
            }),
            "No batch is planned.");
    }

    private static void ShowPlan(Fields plan, Screen screen)
    {
        screen.Facts(
            ("epoch", plan["epoch"] + (plan.Is("planned", "yes") ? " is planned; these batches are left" : " is not planned; this would be")),
            ("total", plan.Ton("total_nano") + " TON"),
            ("fee", plan.Ton("fee_nano") + " TON"),
            ("network fees, about", plan.Ton("estimated_network_fees_nano") + " TON"),
            ("needed", plan.Ton("needed_nano") + " TON"),
            ("in the contract", plan.Ton("available_nano") + " TON"));
        screen.Table(
            ["#batch", "phase", "#payouts", "#total, TON", "list hash"],
            plan.List("batches").Select(batch => new[] { batch["index"], batch["phase"], batch["payouts"], batch.Ton("total_nano"), batch["list_hash"] }),
            "Nothing is left to be sent.");
        screen.Table(
            ["held because", "state", "#payouts", "#amount, TON"],
            plan.List("held").Select(held => new[] { held["reason"], held["state"], held["payouts"], held.Ton("amount_nano") }),
            "Nothing is held.");
    }
}
