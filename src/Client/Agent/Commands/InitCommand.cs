using System.CommandLine;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Keys;

namespace CocoonPool.Client.Agent.Commands;

/// <summary><c>init</c>: writes a commented file and makes the worker's key. Never overwrites either.</summary>
internal static class InitCommand
{
    private static readonly Option<string> Pool = new("--pool-url") { Description = "The pool's address.", DefaultValueFactory = _ => "http://127.0.0.1:5000" };
    private static readonly Option<string> Participant = new("--participant") { Description = "The TON address that earns.", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Model = new("--model") { Description = "The model's name in the pool.", DefaultValueFactory = _ => "demo-ngram" };
    private static readonly Option<string> Backend = new("--backend") { Description = "An OpenAI-compatible server, or demo:.", DefaultValueFactory = _ => "demo:" };

    public static Command Create()
    {
        var command = new Command("init", "Write a commented configuration file and make the worker's key.") { Pool, Participant, Model, Backend };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        var path = Path.GetFullPath(result.GetValue(CommandOptions.Config)!);
        if (File.Exists(path))
        {
            Console.Error.WriteLine($"{path} exists already and was left as it is.");
            return 1;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, ConfigurationTemplate.Write(
            result.GetValue(Pool)!, result.GetValue(Participant)!, result.GetValue(Model)!, result.GetValue(Backend)!));
        using var key = WorkerKey.LoadOrCreate(Path.Combine(Path.GetDirectoryName(path)!, "state"));
        Console.WriteLine($"wrote {path}");
        Console.WriteLine($"worker id    {key.DerivedId} (unless worker.worker_id says otherwise)");
        Console.WriteLine($"fingerprint  {key.Fingerprint}");
        Console.WriteLine("Edit the file, put the participant's API key beside it, then run `cocoon-worker check` and `cocoon-worker run`.");
        return 0;
    }
}
