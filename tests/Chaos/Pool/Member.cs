namespace CocoonPool.Chaos.Pool;

/// <summary>Somebody with one worker.</summary>
/// <param name="Address">Their wallet, raw form: they are known and paid by it.</param>
public sealed record Member(string Name, string Address, int Gpus)
{
    public string Worker => $"{Name}-worker";

    public string Agent => $"agent-{Name}";
}
