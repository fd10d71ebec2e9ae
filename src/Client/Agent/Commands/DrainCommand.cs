using System.CommandLine;

namespace CocoonPool.Client.Agent.Commands;

/// <summary><c>drain</c>: the running agent finishes its tasks and ends, as on SIGTERM.</summary>
internal static class DrainCommand
{
    public static Command Create()
    {
        var command = new Command("drain", "Let the running agent finish its tasks and leave the pool.");
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult result, CancellationToken cancellationToken)
    {
        if (CommandOptions.Load(result) is not { } configuration
            || await LocalAgent.Ask(configuration, HttpMethod.Post, "/drain", cancellationToken) is null)
            return 1;
        Console.WriteLine("The agent drains and then ends.");
        return 0;
    }
}
