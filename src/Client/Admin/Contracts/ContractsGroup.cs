using System.CommandLine;
using System.Text.Json;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Contracts;

/// <summary><c>contracts …</c>: deploying, checking, exporting and upgrading the pool's contracts, on the machine that has the keys.</summary>
internal sealed class ContractsGroup
{
    private static readonly string[] Deployed = ["network", "chain", "owner_wallet", "operator_wallet", "pool_operator", "registry", "distribution"];
    private static readonly string[] Upgradable = ["PoolOperator", "ParticipantRegistry", "RewardDistribution"];

    private readonly Option<string?> _package = new("--contracts") { Description = "the built contracts package (default: contracts of this checkout)", Recursive = true };
    private readonly Option<string?> _keys = new("--keys") { Description = "folder with the keys and deployment.json (default: chain in the state folder)", Recursive = true };
    private readonly Option<string?> _endpoint = new("--endpoint") { Description = "URL of a toncenter v2 API (default: the deployment's own)", Recursive = true };
    private readonly PoolCommands _pool;

    private ContractsGroup(PoolCommands pool) => _pool = pool;

    public static Command Create(PoolCommands pool)
    {
        var group = new ContractsGroup(pool);
        return new ExampledCommand("contracts", "The pool's contracts on chain; needs Node and, for what is signed, the keys' folder.")
        {
            group._package, group._keys, group._endpoint,
            group.Deploy(), group.Verify(), group.Export(), group.Upgrade(),
        };
    }

    private Command Deploy() => Run(
        "deploy", "Deploys what is not there yet, links it and writes deployment.json; on a complete deployment it changes nothing.",
        ["contracts deploy --keys /secure/pool --endpoint https://toncenter.com"], [], _ => ["deploy", "--json"],
        (deployment, screen) =>
        {
            screen.Facts([.. Deployed.Select(name => (name.Replace('_', ' '), deployment[name]))]);
            screen.Verdict(true, "Deployed. Keep owner.key elsewhere, or pass the ownership to a multisig.");
        });

    private Command Verify() => Run(
        "verify", "Compares code, links and owners on chain with the deployment, and the code with what is committed; exit code 1 when something differs.",
        ["contracts verify"], [], _ => ["verify"],
        (result, screen) =>
        {
            foreach (var check in result.List("checks"))
                screen.Verdict(check.Is("ok", "yes"), check.Is("ok", "yes") ? check["what"] : $"{check["what"]}: expected {check["expected"]}, found {check["found"]}");
        });

    private Command Export()
    {
        var file = new Option<string>("--out") { Description = "file to write", Required = true };
        var participants = new Option<string?>("--participants") { Description = "file with a participant's address a line: their stake accounts too" };
        var workers = new Option<string?>("--workers") { Description = "file with a worker's number a line, 64 hexadecimal digits: their vaults too" };
        return _pool.Local(
            "export-state", "Writes everything that the contracts hold as canonical JSON: equal states have equal bytes.",
            ["contracts export-state --out contracts-2026-01-31.json", "contracts export-state --out all.json --participants addresses.txt"], [file, participants, workers],
            async (parsed, location, screen, cancellationToken) =>
            {
                var (_, json) = await Tools(parsed, location).Run(
                    ["export-state", .. Given("--participants", parsed.GetValue(participants)), .. Given("--workers", parsed.GetValue(workers))], cancellationToken);
                var path = parsed.GetRequiredValue(file);
                await File.WriteAllTextAsync(path, json, cancellationToken);
                screen.Line($"{json.Length} characters written to {path}");
                return ExitCode.Done;
            });
    }

    private ExampledCommand Upgrade()
    {
        var unsigned = new Option<bool>("--unsigned") { Description = "print the message for an owner whose key is elsewhere, such as a multisig; nothing is sent", Recursive = true };
        return new ExampledCommand("upgrade", "Replaces a contract's code by the one that is built here, in steps: propose, wait for the timelock, apply.")
        {
            unsigned,
            Step("show", "Where the upgrade stands."),
            Step("propose", "Proposes the code; a proposal that is there already stays."),
            Step("apply", "Puts the code in place after the timelock."),
            Step("cancel", "Takes the proposal back."),
        };

        Command Step(string step, string description)
        {
            var contract = new Argument<string>("CONTRACT") { Description = string.Join(", ", Upgradable) };
            contract.AcceptOnlyFromAmong(Upgradable);
            return Run(
                step, description, [$"contracts upgrade {step} RewardDistribution"], [contract],
                parsed => ["upgrade", step, "--contract", parsed.GetRequiredValue(contract), .. parsed.GetValue(unsigned) ? ["--unsigned"] : Array.Empty<string>()], Show);
        }
    }

    private static void Show(Fields upgrade, Screen screen)
    {
        if (upgrade.Has("body_boc"))
            screen.Facts(("send to", upgrade["to"]), ("value", upgrade.Ton("value_nano") + " TON"), ("body, base64", upgrade["body_boc"]));
        else
        {
            screen.Facts(
                ("contract", upgrade["contract"]), ("state", upgrade["state"]), ("code here", upgrade["code_hash"]), ("code on chain", upgrade["deployed_hash"]),
                ("proposal", upgrade["proposal"]), ("not before", Moment(upgrade["not_before"])), ("expires", Moment(upgrade["expires_at"])));
        }
    }

    private static string Moment(string seconds) => long.TryParse(seconds, out var unix) ? $"{DateTimeOffset.FromUnixTimeSeconds(unix):yyyy-MM-dd HH:mm:ss} UTC" : seconds;

    private Command Run(string name, string description, string[] examples, Symbol[] symbols, Func<ParseResult, string[]> arguments, Action<Fields, Screen> show) =>
        _pool.Local(name, description, examples, symbols, async (parsed, location, screen, cancellationToken) =>
        {
            var (code, json) = await Tools(parsed, location).Run(arguments(parsed), cancellationToken);
            using var document = JsonDocument.Parse(json);
            _pool.Print(parsed, new PoolAnswer(200, json, document.RootElement), fields => show(fields, screen));
            return code;
        });

    private ContractTools Tools(ParseResult parsed, PoolLocation location) => new(
        parsed.GetValue(_package) ?? location.InCheckout("contracts") ?? throw new AdminException(ExitCode.Usage, "Name the built contracts package with --contracts."),
        parsed.GetValue(_keys) ?? location.InState("chain") ?? throw new AdminException(ExitCode.Usage, "Name the folder with the keys and deployment.json with --keys."),
        parsed.GetValue(_endpoint));

    private static string[] Given(string option, string? value) => value is null ? [] : [option, value];
}
