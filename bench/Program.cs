using System.CommandLine;
using CocoonPool.Bench.Engine;
using CocoonPool.Bench.Engine.Host;
using CocoonPool.Bench.Gateway.Relay;
using CocoonPool.Bench.Harness;
using CocoonPool.Bench.Settlement;
using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

var names = new Argument<string[]>("name") { Description = "benchmarks or rooms; all when left out", Arity = ArgumentArity.ZeroOrMore };
var check = new Option<bool>("--check") { Description = "exit 1 when a must that does not depend on the machine's speed is missed" };
var compare = new Option<FileInfo>("--compare") { Description = "an older results.json: show changes, exit 1 on a regression" };
compare.AcceptExistingOnly();
var tolerance = new Option<int>("--tolerance") { Description = "percent that is no regression yet", DefaultValueFactory = _ => 20 };
var quick = new Option<bool>("--quick") { Description = "small sizes, two rounds; shows that it works, and keeps no results unless --out says where" };
var folder = new Option<string?>("--out") { Description = "the folder of RESULTS.md and results.json (default: bench)" };
var minutes = new Option<double?>("--minutes") { Description = "how long endurance is measured (gateway-memory); half a minute when left out" };
var list = new Option<bool>("--list") { Description = "show the benchmarks and measure nothing" };
var engine = new Option<string>("--engine") { Description = "grain engine: local or orleans", DefaultValueFactory = _ => "local" };
engine.AcceptOnlyFromAmong("local", "orleans");
var root = new RootCommand("Measures the pool side by side with what it is compared with.") { names, check, compare, tolerance, quick, folder, minutes, list, engine };
root.SetAction(async (parsed, cancellationToken) =>
{
    var (selected, unknown) = Catalogue.Select(Catalogue.All, parsed.GetValue(names) ?? []);
    if (unknown.Count > 0)
    {
        await Console.Error.WriteLineAsync($"cocoon: there is no benchmark '{unknown[0]}'; ./cocoon bench --list shows them.");
        return 2;
    }

    var report = new Report(TimeProvider.System);
    if (parsed.GetValue(list))
    {
        var table = new TextTable(new("room"), new("name"), new("measures"));
        foreach (var benchmark in selected)
            table.Add(benchmark.Room.ToLowerInvariant(), benchmark.Name, benchmark.Summary);
        report.Table(table);
        return 0;
    }

    var checkout = Checkout.Find();
    var isQuick = parsed.GetValue(quick);
    return await new BenchRun(checkout, report, TimeProvider.System, EngineHost.Name).Run(
        new BenchOptions(
            parsed.GetValue(check), parsed.GetValue(compare)?.FullName, parsed.GetValue(tolerance) / 100.0, isQuick,
            parsed.GetValue(folder) ?? (isQuick ? null : Path.Combine(checkout.Root, "bench")),
            parsed.GetValue(minutes) is { } soak ? TimeSpan.FromMinutes(soak) : null),
        selected, cancellationToken);
});
root.Add(IdleWorkersCommand());
root.Add(SettlementSiloCommand());
root.Add(RelayDoorCommand());
root.Add(RelayAgentCommand());
var arguments = root.Parse(args);
if (arguments.Errors.Count > 0)
{
    foreach (var error in arguments.Errors)
        await Console.Error.WriteLineAsync("cocoon: " + error.Message);
    return 2;
}

try
{
    return await arguments.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (Exception failure) when (failure is LauncherException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
{
    await Console.Error.WriteLineAsync("cocoon: " + failure.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("cocoon: stopped.");
    return 1;
}

static Command IdleWorkersCommand()
{
    var url = new Argument<Uri>("url") { CustomParser = result => new Uri(result.Tokens[0].Value) };
    var prefix = new Argument<string>("prefix");
    var count = new Argument<int>("count");
    var command = new Command(IdleWorkers.Command, "The agents of a benchmark (started by the benchmark itself).") { url, prefix, count };
    command.Hidden = true;
    command.SetAction(parsed => new IdleWorkers(parsed.GetRequiredValue(url), parsed.GetRequiredValue(prefix), parsed.GetValue(count)).Run(Console.In, Console.Out));
    return command;
}

static Command SettlementSiloCommand()
{
    var command = new Command(SettlementSilo.Command, "The silo of a benchmark (started by the benchmark itself).") { Hidden = true };
    command.SetAction((_, cancellationToken) => SettlementSilo.Run(Console.Out, cancellationToken));
    return command;
}

static Command RelayDoorCommand()
{
    var command = new Command(RelayDoor.Command, "The front of the bare relay (started by the benchmark itself).") { Hidden = true };
    command.SetAction(_ => RelayDoor.Run(Console.In, Console.Out));
    return command;
}

static Command RelayAgentCommand()
{
    var door = new Argument<Uri>("door") { CustomParser = result => new Uri(result.Tokens[0].Value) };
    var backend = new Argument<Uri>("backend") { CustomParser = result => new Uri(result.Tokens[0].Value) };
    var command = new Command(RelayAgent.Command, "The other end of the bare relay (started by the benchmark itself).") { door, backend };
    command.Hidden = true;
    command.SetAction(parsed => RelayAgent.Run(parsed.GetRequiredValue(door), parsed.GetRequiredValue(backend), Console.Out));
    return command;
}
