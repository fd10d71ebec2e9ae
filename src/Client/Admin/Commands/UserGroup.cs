using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>user …</c>: accounts of people.</summary>
internal static class UserGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("user", "Accounts of people: create, grant, new credentials, disable, log out, audit.")
    {
        List(pool), New(pool), Grant(pool), Credentials(pool),
        Act(pool, "disable", "Shuts an account out at once."),
        Act(pool, "logout-all", "Ends every session of an account, or of a participant's wallet, at once."),
        Audit(pool),
    };

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        return pool.Ask("list", "All accounts.", ["user list"], paging.Symbols, parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/users")), (page, screen) =>
        {
            screen.Table(
                ["username", "role", "created by", "created at", "own credentials", "disabled"],
                page.List("data").Select(u => new[] { u["username"], u["role"], u["created_by"], u["created_at"], u["own_credentials"], u["disabled"] }), "There are no accounts.");
            screen.More(page);
        });
    }

    private static Command New(PoolCommands pool)
    {
        var username = Name();
        var role = Role();
        return pool.Ask(
            "create", "Creates an account and shows its credentials once. The first one is a pool-admin, made on the host with the operator's key.",
            ["user create alice --role pool-admin", "user create bob --role auditor"], [username, role],
            parsed => PoolRequest.Post($"/api/v1/users", new { username = parsed.GetValue(username), role = parsed.GetValue(role) }), ShowCredentials);
    }

    private static Command Grant(PoolCommands pool)
    {
        var username = Name();
        var role = Role();
        return pool.Ask(
            "grant", "Gives an account another role; its sessions end.", ["user grant bob --role operator"], [username, role],
            parsed => PoolRequest.Post($"/api/v1/users/{parsed.GetValue(username)}/grant", new { role = parsed.GetValue(role) }),
            (user, screen) => screen.Facts(("username", user["username"]), ("role", user["role"])));
    }

    private static Command Credentials(PoolCommands pool)
    {
        var username = new Argument<string?>("USERNAME") { Description = "somebody else's account; left out, your own", Arity = ArgumentArity.ZeroOrOne };
        return pool.Ask(
            "credentials", "New password, one-time secret and recovery codes: for somebody who lost them, or your own choice for yourself.",
            ["user credentials", "user credentials bob"], [username],
            parsed => parsed.GetValue(username) is { } name
                ? PoolRequest.Post($"/api/v1/users/{name}/credentials", new { })
                : PoolRequest.Post($"/auth/credentials", new { password = Prompt.Secret("present password"), totp = Prompt.Secret("one-time code"), new_password = Prompt.Secret("new password") }),
            ShowCredentials);
    }

    private static Command Act(PoolCommands pool, string verb, string description)
    {
        var username = Name();
        return pool.Ask(
            verb, description, [$"user {verb} bob"], [username], parsed => PoolRequest.Post($"/api/v1/users/{parsed.GetValue(username)}/{verb}", new { }),
            (_, screen) => screen.Verdict(good: true, "Done; it takes effect at once."));
    }

    private static Command Audit(PoolCommands pool)
    {
        var username = Name();
        var paging = new Paging(50);
        return pool.Ask(
            "audit", "What an account did, newest first.", ["user audit bob --limit 20"], [username, .. paging.Symbols],
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/users/{parsed.GetValue(username)}/audit")), AuditGroup.Show);
    }

    private static void ShowCredentials(Fields shown, Screen screen)
    {
        screen.Facts(
            ("username", shown["username"]), ("role", shown["role"]), ("password", shown["password"]), ("one-time secret", shown["totp_secret"]), ("for the app", shown["totp_uri"]),
            ("recovery codes", string.Join(' ', shown.List("recovery_codes").Select(code => code.Element.GetString()))));
        screen.Line("They are shown this once and are not kept in readable form.");
    }

    private static Argument<string> Name() => new("USERNAME") { Description = "the account's name" };

    private static Option<string> Role() => new("--role") { Description = "pool-admin, operator, security, developer, support or auditor", Required = true };
}
