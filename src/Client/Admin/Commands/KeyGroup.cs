using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>key …</c>: API keys, and the key ring that protects tokens.</summary>
internal static class KeyGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("key", "API keys: list, create, revoke; and the rotation of the key ring.") { List(pool), New(pool), Revoke(pool), Rotate(pool) };

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask("list", "All API keys, without the keys.", ["key list"], paging.Symbols, parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/keys")), (page, screen) =>
        {
            screen.Table(
                ["id", "role", "subject", "label", "created at", "revoked at"],
                page.List("data").Select(k => new[] { k["id"], k["role"], k["subject"], k["label"], k["created_at"], k["revoked_at"] }), "There are no keys.");
            screen.More(page);
        });
    }

    private static Command New(PoolCommands pool)
    {
        var role = new Option<string>("--role") { Description = "client, participant, operator, developer, support or auditor", Required = true };
        var subject = new Option<string>("--subject") { Description = "the client's name, or the participant's address", Required = true };
        var label = new Option<string?>("--label") { Description = "what it is for" };
        return pool.Ask(
            "create", "Creates an API key; it is shown this once.", ["key create --role client --subject shop --label \"chat page\""], [role, subject, label],
            parsed => PoolRequest.Post($"/api/v1/keys", new { role = parsed.GetValue(role), subject = parsed.GetValue(subject), label = parsed.GetValue(label) }),
            (key, screen) => screen.Facts(("id", key["id"]), ("role", key["role"]), ("subject", key["subject"]), ("key", key["key"])));
    }

    private static Command Revoke(PoolCommands pool)
    {
        var id = new Argument<string>("ID") { Description = "the key's id, as in key list" };
        return pool.Ask(
            "revoke", "Revokes an API key; it is shut out within five seconds.", ["key revoke key_0123456789abcdef"], [id],
            parsed => PoolRequest.Get($"/api/v1/keys/{parsed.GetValue(id)}") with { Method = HttpMethod.Delete },
            (key, screen) => screen.Verdict(good: true, $"{key["id"]} is revoked."));
    }

    private static Command Rotate(PoolCommands pool) => pool.Ask(
        "rotate", "Adds a key to the ring that protects tokens and one-time secrets; it is used from tomorrow on.", ["key rotate"], [],
        _ => PoolRequest.Post($"/api/v1/key-ring/rotate", new { }),
        (key, screen) => screen.Facts(("new key", key["key_id"]), ("used from", key["active_at"]), ("until", key["expires_at"])));
}
