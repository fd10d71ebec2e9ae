using System.CommandLine;
using CocoonPool.Client.Launcher.Demo;
using CocoonPool.Client.Launcher.Pool;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Client.Launcher.Tests;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Client.Launcher.Commands;

/// <summary>The launcher's commands and their options.</summary>
public static class CommandTree
{
    public static RootCommand Build(Checkout checkout, Report report, TimeProvider time)
    {
        var lifecycle = new Lifecycle(checkout, report, time);
        var root = new RootCommand("Cocoon Pool on one machine.");
        // The start script acts on the engine; the option is known here so that help and mistakes are about it too.
        var engine = new Option<string>("--engine") { Description = "grain engine: local or orleans", Recursive = true, DefaultValueFactory = _ => "local" };
        engine.AcceptOnlyFromAmong("local", "orleans");
        root.Add(engine);
        root.Add(DemoCommand(checkout, lifecycle, report, time, engine));
        root.Add(UpCommand(checkout, lifecycle, engine));
        root.Add(Pool("down", "Stops what is running.", checkout, (state, _, _) => lifecycle.Down(state)));
        root.Add(Pool("status", "Shows the services.", checkout, (state, _, cancel) => lifecycle.Status(state, cancel)));
        root.Add(LogsCommand(checkout, time));
        root.Add(TestCommand(checkout, report, time));
        root.Add(WatchdogCommand(time));
        root.Add(KeeperCommand(time));
        return root;
    }

    private static Command UpCommand(Checkout checkout, Lifecycle lifecycle, Option<string> engine)
    {
        var silos = SilosOption();
        var command = Pool("up", "Starts the pool and leaves it running; a silo that dies is started again.", checkout, (state, parsed, cancel) =>
            lifecycle.Up(state, Silos(parsed, silos, engine), cancel));
        command.Add(silos);
        return command;
    }

    private static Command DemoCommand(Checkout checkout, Lifecycle lifecycle, Report report, TimeProvider time, Option<string> engine)
    {
        var participants = new Option<int>("--participants") { Description = "people who join, 1 to 12, each with a worker agent", DefaultValueFactory = _ => 3 };
        var requests = new Option<int>("--requests") { Description = "chat requests to send", DefaultValueFactory = _ => 60 };
        var models = new Option<string>("--models") { Description = "names of the models to serve, with commas", DefaultValueFactory = _ => DemoOptions.DefaultModel };
        var keep = new Option<bool>("--keep") { Description = "leave everything running afterwards" };
        var silos = SilosOption();
        var state = StateOption(checkout, "demo");
        var command = new Command("demo", "Plays a whole pool from nothing to paid and verified.") { participants, requests, models, keep, silos, state };
        command.SetAction((parsed, cancel) => new DemoRun(checkout, lifecycle, report, time).Run(
            new StateDirectory(parsed.GetRequiredValue(state)),
            new DemoOptions(
                parsed.GetValue(participants), parsed.GetValue(requests),
                (parsed.GetValue(models) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), parsed.GetValue(keep))
            {
                Silos = Silos(parsed, silos, engine),
            },
            cancel));
        return command;
    }

    private static Command LogsCommand(Checkout checkout, TimeProvider time)
    {
        var service = new Argument<string?>("service") { Description = "postgres, localnet, gateway, silo, silo-2, …, keeper, agent-…; all when left out", Arity = ArgumentArity.ZeroOrOne };
        var tail = new Option<int>("--tail") { Description = "lines to show first", DefaultValueFactory = _ => 40 };
        var follow = new Option<bool>("--follow", "-f") { Description = "go on showing what is written" };
        var command = Pool("logs", "Shows what the services wrote.", checkout, (state, parsed, cancel) =>
            Logs.Show(state, parsed.GetValue(service), parsed.GetValue(tail), parsed.GetValue(follow), Console.Out, time, cancel));
        command.Add(service);
        command.Add(tail);
        command.Add(follow);
        return command;
    }

    private static Command TestCommand(Checkout checkout, Report report, TimeProvider time)
    {
        var name = new Argument<string?>("filter") { Description = "part of a suite's or a test's name", Arity = ArgumentArity.ZeroOrOne };
        var filter = new Option<string?>("--filter") { Description = "the same as an option" };
        var command = new Command("test", "Runs every test of every project.");
        command.Add(name);
        command.Add(filter);
        var state = StateOption(checkout, "test");
        command.Add(state);
        command.SetAction((parsed, cancel) =>
            new TestRun(checkout, new StateDirectory(parsed.GetRequiredValue(state)), report, time).Run(parsed.GetValue(filter) ?? parsed.GetValue(name), cancel));
        return command;
    }

    private static Command WatchdogCommand(TimeProvider time)
    {
        var state = new Option<string>("--state") { Required = true };
        var command = new Command(Watchdog.CommandName, "Stops the services when the launcher is killed (started by the launcher itself).") { Hidden = true };
        command.Add(state);
        command.SetAction((parsed, _) => Watchdog.Watch(new StateDirectory(parsed.GetRequiredValue(state)), Console.In, time));
        return command;
    }

    private static Command KeeperCommand(TimeProvider time)
    {
        var state = new Option<string>("--state") { Required = true };
        var command = new Command(Keeper.Name, "Starts silos again that died (started by the launcher itself).") { Hidden = true };
        command.Add(state);
        command.SetAction((parsed, cancel) => new Keeper(new StateDirectory(parsed.GetRequiredValue(state)), Console.Out, time).Run(cancel));
        return command;
    }

    private static Option<int> SilosOption() => new("--silos")
    {
        Description = $"silo processes, 1 to {SiloCount.Most}; more than one need --engine {SiloCount.Orleans}",
        DefaultValueFactory = _ => 1,
    };

    private static int Silos(ParseResult parsed, Option<int> silos, Option<string> engine)
    {
        var count = parsed.GetValue(silos);
        return SiloCount.Mistake(parsed.GetValue(engine) ?? "", count) is { } mistake ? throw new LauncherException(mistake) : count;
    }

    private static Command Pool(string name, string description, Checkout checkout, Func<StateDirectory, ParseResult, CancellationToken, Task<int>> action)
    {
        var state = StateOption(checkout, "pool");
        var command = new Command(name, description);
        command.Add(state);
        command.SetAction((parsed, cancel) => action(new StateDirectory(parsed.GetRequiredValue(state)), parsed, cancel));
        return command;
    }

    private static Option<string> StateOption(Checkout checkout, string name) => new("--state")
    {
        Description = $"the folder of this pool's state (default: .cocoon/{name})",
        DefaultValueFactory = _ => Path.Combine(checkout.Root, ".cocoon", name),
    };
}
