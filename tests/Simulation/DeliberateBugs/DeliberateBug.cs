using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

/// <summary>A mistake that somebody could make, put into the pool on purpose to show that the auditor sees it.</summary>
/// <param name="name">As the command line takes it.</param>
/// <param name="mistake">What is done wrong, in one sentence.</param>
/// <param name="plant">Puts a port with the mistake in place of the right one; called for every life of the engine.</param>
public sealed class DeliberateBug(string name, string mistake, Action<PoolPorts> plant)
{
    public string Name => name;

    public string Mistake => mistake;

    public void Plant(PoolPorts ports) => plant(ports);

    public override string ToString() => name;
}
