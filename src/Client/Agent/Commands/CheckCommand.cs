using System.CommandLine;
using CocoonPool.Client.Agent.Checks;

namespace CocoonPool.Client.Agent.Commands;

/// <summary><c>check</c>: everything that would make <c>run</c> fail, before it does.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Examine configuration, back ends, GPUs, clock, pool and stake before running.");
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult result, CancellationToken cancellationToken)
    {
        if (CommandOptions.Load(result) is not { } configuration)
            return 1;
        var failed = 0;
        await foreach (var check in new PreFlight(configuration, TimeProvider.System).Run(cancellationToken))
        {
            failed += check.Verdict == CheckVerdict.Failed ? 1 : 0;
            Console.WriteLine($"{check.Verdict.ToString().ToLowerInvariant(),-8} {check.Name,-10} {check.Words}");
        }
        Console.WriteLine(failed == 0 ? "ready to run" : $"{failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
