using System.CommandLine;
using CocoonPool.Client.Agent.Configuration;

namespace CocoonPool.Client.Agent.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommandOptions
{
    public static readonly Option<string> Config = new("--config", "-c")
    {
        Description = "The agent's YAML file.",
        DefaultValueFactory = _ => ConfigurationFile.DefaultName,
        Recursive = true,
    };

    /// <summary>The configuration, or null after every mistake was printed.</summary>
    public static AgentConfiguration? Load(ParseResult result)
    {
        var path = result.GetValue(Config)!;
        var (configuration, mistakes) = ConfigurationFile.Load(path);
        if (configuration is not null)
            return configuration;
        Console.Error.WriteLine($"{path} has {mistakes.Count} {(mistakes.Count == 1 ? "mistake" : "mistakes")}:");
        foreach (var mistake in mistakes)
            Console.Error.WriteLine($"  {mistake}");
        return null;
    }
}
