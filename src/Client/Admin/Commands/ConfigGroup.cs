using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>config …</c>: what the host runs with, and what an attacker would be glad of in it.</summary>
internal static class ConfigGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("config", "The host's configuration: show it, verify its secrets.") { Verify(pool), Show(pool) };

    private static Command Verify(PoolCommands pool) => pool.Ask(
        "verify", "Finds secrets that are missing, weak, defaults or readable by others, and open listeners; exit code 1 when there are any.", ["config verify"], [],
        _ => PoolRequest.Get($"/api/v1/config/verify"),
        (report, screen) =>
        {
            if (!report.Is("ok", "yes"))
                screen.Table(["key", "problem"], report.List("findings").Select(f => new[] { f["key"], f["problem"] }), "");
            screen.Verdict(report.Is("ok", "yes"), report.Is("ok", "yes") ? $"Nothing was found ({report["environment"]})." : "Mend these before others reach the pool.");
        },
        report => report.Is("ok", "yes"));

    private static Command Show(PoolCommands pool) => pool.Ask(
        "show", "The configuration; secrets are named, not shown.", ["config show"], [],
        _ => PoolRequest.Get($"/api/v1/config"),
        (all, screen) => screen.Table(["key", "value"], all.Element.EnumerateObject().Select(p => new[] { p.Name, p.Value.GetString() ?? "" }), "There is none."));
}
