using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CocoonPool.Client.Admin.Reporting;

/// <summary>A command whose help ends with lines to try.</summary>
internal sealed class ExampledCommand(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>The library's help, then the command's examples and the exit codes.</summary>
internal sealed class ExampledHelp(HelpAction usual, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in ExamplesOf(parseResult.CommandResult.Command))
            output.WriteLine("  cocoon-admin " + example);
        output.WriteLine();
        output.WriteLine("Exit codes: 0 done, 1 refused or different, 2 wrong usage, 3 no pool answers.");
        return result;
    }

    /// <summary>A group shows what its commands show.</summary>
    private IEnumerable<string> ExamplesOf(Command command) => command switch
    {
        RootCommand => rootExamples,
        ExampledCommand { Examples.Count: > 0 } own => own.Examples,
        _ => command.Subcommands.SelectMany(ExamplesOf),
    };
}
