using System.CommandLine;
using CocoonPool.Client.Admin.Commands;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin;

/// <summary><c>cocoon-admin</c> as a function of its arguments and its surroundings, so that tests run it as a person does.</summary>
public static class AdminProgram
{
    /// <summary>Every command by its full name, with its examples without the program's name, for those who check or document them all.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Examples)> Commands()
    {
        var options = new GlobalOptions();
        var screen = new Screen(TextWriter.Null, _ => null);
        return [.. Below("", CommandTree.Build(options, new PoolCommands(options, screen, _ => null), screen))];

        static IEnumerable<(string, IReadOnlyList<string>)> Below(string path, Command command) => command.Subcommands.SelectMany(child => child.Subcommands.Count > 0
            ? Below($"{path}{child.Name} ", child)
            : [(path + child.Name, (child as ExampledCommand)?.Examples ?? [])]);
    }

    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <param name="answers">The answers to what a command asks the person, a line each; left out, the console's.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, Func<string, string?> environment, CancellationToken cancellationToken, TextReader? answers = null)
    {
        Prompt.AnsweredFrom(answers);
        var options = new GlobalOptions();
        var screen = new Screen(output, environment);
        var parsed = CommandTree.Build(options, new PoolCommands(options, screen, environment), screen).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var mistake in parsed.Errors.Select(mistake => mistake.Message).Distinct(StringComparer.Ordinal))
                await error.WriteLineAsync("cocoon-admin: " + mistake);
            await error.WriteLineAsync($"See cocoon-admin {PathOf(parsed)}--help.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = error },
                cancellationToken);
        }
        catch (AdminException end)
        {
            await error.WriteLineAsync("cocoon-admin: " + Screen.Printable(end.Message));
            if (end.Body is not null && parsed.GetValue(options.Json))
                await output.WriteLineAsync(end.Body);
            return end.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("cocoon-admin: stopped; what the pool had already accepted goes on there.");
            return ExitCode.Refused;
        }
    }

    /// <summary>The commands that were understood, so that the hint leads to the help that lists the rest.</summary>
    private static string PathOf(ParseResult parsed) => string.Concat(
        parsed.CommandResult.Command == parsed.RootCommandResult.Command
            ? []
            : parsed.RootCommandResult.Command.Subcommands.Intersect(Ancestors(parsed.CommandResult.Command)).Append(parsed.CommandResult.Command)
                .Distinct().Select(command => command.Name + " "));

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Ancestors(parent).Append(parent)).Append(command);
}
