using CocoonPool.Client.Launcher.Chain;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>One participant of the demo with the one worker they bring.</summary>
/// <param name="Gpus">How many GPUs the worker says it has: more of them earn more uptime.</param>
public sealed record DemoMember(string Name, Wallet Wallet, int Gpus)
{
    public string WorkerId => $"{Name}-worker";

    private static readonly string[] Names =
        ["alice", "boris", "chen", "dana", "elif", "femi", "grace", "hiro", "ines", "jonas", "kavya", "luca"];

    public static string NameOf(int index) => Names[index];

    /// <summary>One GPU, then two, then one again: all within the first stake tier.</summary>
    public static int GpusOf(int index) => 1 + index % 2;
}
