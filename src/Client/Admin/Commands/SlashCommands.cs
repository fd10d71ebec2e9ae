using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>participant slash …</c> and what follows: taking stake for an offence.</summary>
internal static class SlashCommands
{
    public static Command List(PoolCommands pool)
    {
        var address = ParticipantGroup.Address();
        var paging = new Paging();
        return pool.Ask(
            "slashes", "A participant's slashes, newest first.", ["participant slashes 0:4e5f…"], [address, .. paging.Symbols],
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/participants/{parsed.GetValue(address)}/slashes")),
            (page, screen) =>
            {
                screen.Table(
                    ["slash", "offence", "state", "#TON", "#bps", "opened", "appeal until", "appeal", "ruling"],
                    page.List("data").Select(one => new[]
                    {
                        one["id"], one["offence"], one["state"], one.Ton("amount_nano"), one["rate_bps"], one["opened_at"], one["appeal_until"], one["appeal"], one["ruling"],
                    }),
                    "Never slashed.");
                screen.More(page);
            });
    }

    public static Command Open(PoolCommands pool)
    {
        var address = ParticipantGroup.Address();
        var offence = new Option<string>("--offence") { Description = "downtime (5 %), invalid_attestation (10 %), malicious_result or forged_receipt (25 %)", Required = true };
        offence.AcceptOnlyFromAmong("downtime", "invalid_attestation", "malicious_result", "forged_receipt");
        var evidence = new Option<string>("--evidence") { Description = "what shows the offence, for the participant to answer", Required = true };
        return pool.Ask(
            "slash", "Holds part of a stake for an offence; it is taken after 72 hours unless the participant appeals. The same evidence slashes once.",
            ["participant slash 0:4e5f… --offence forged_receipt --evidence \"task 9f3a: 512 tokens claimed, 12 seen\""], [address, offence, evidence],
            parsed => PoolRequest.Post(
                $"/api/v1/participants/{parsed.GetValue(address)}/slashes", new { offence = parsed.GetValue(offence), evidence = parsed.GetValue(evidence) }),
            Show);
    }

    public static Command Uphold(PoolCommands pool)
    {
        var (address, slash, reason) = (ParticipantGroup.Address(), Id(), ParticipantGroup.Reason());
        return pool.Ask(
            "uphold", "Proposes to confirm a slash against its appeal; another person has to agree (approval approve).",
            ["participant uphold 0:4e5f… 3b1c… --reason \"the gateway's log agrees\""], [address, slash, reason],
            parsed => ApprovalGroup.Wish("slash_uphold", new { participant = parsed.GetValue(address), slash = parsed.GetValue(slash) }, parsed.GetRequiredValue(reason)), ApprovalGroup.Show);
    }

    public static Command Void(PoolCommands pool)
    {
        var (address, slash, reason) = (ParticipantGroup.Address(), Id(), ParticipantGroup.Reason());
        return pool.Ask(
            "void", "Takes a slash back; the stake is free again.", ["participant void 0:4e5f… 3b1c… --reason \"the clock was wrong\""], [address, slash, reason],
            parsed => PoolRequest.Post($"/api/v1/participants/{parsed.GetValue(address)}/slashes/{parsed.GetValue(slash)}/void", new { reason = parsed.GetValue(reason) }), Show);
    }

    private static Argument<string> Id() => new("SLASH") { Description = "the slash's id, as in participant slashes" };

    private static void Show(Fields slash, Screen screen) => screen.Facts(
        ("slash", slash["id"]),
        ("offence", slash["offence"]),
        ("state", slash["state"]),
        ("amount", slash.Ton("amount_nano") + " TON"),
        ("rate", slash["rate_bps"] + " bps of the stake"),
        ("appeal until", slash["appeal_until"]),
        ("appeal", slash["appeal"]),
        ("ruling", slash["ruling"]));
}
