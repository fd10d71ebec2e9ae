using System.CommandLine;
using CocoonPool.Client.Agent.Keys;

namespace CocoonPool.Client.Agent.Commands;

/// <summary><c>keys</c>: the public half of the worker's key, for an operator who registers workers by hand.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var command = new Command("keys", "Show the worker's public key.");
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        if (CommandOptions.Load(result) is not { } configuration)
            return 1;
        if (!WorkerKey.Exists(configuration.Worker.StateDirectory))
        {
            Console.Error.WriteLine($"There is no key in {configuration.Worker.StateDirectory} yet; `cocoon-worker init` or `run` makes one.");
            return 1;
        }
        try
        {
            using var key = WorkerKey.LoadOrCreate(configuration.Worker.StateDirectory);
            Console.WriteLine($"worker id    {configuration.Worker.Id ?? key.DerivedId}");
            Console.WriteLine($"public key   {Convert.ToBase64String(key.PublicKey)}");
            Console.WriteLine($"fingerprint  {key.Fingerprint}");
            return 0;
        }
        catch (InvalidDataException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }
}
