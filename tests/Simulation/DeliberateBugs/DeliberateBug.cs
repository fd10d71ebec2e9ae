using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.DeliberateBugs;

/// <summary>A mistake that somebody could make, put into the pool on purpose to show that the auditor sees it.</summary>
/// <param name="name">As the command line takes it.</param>
/// <param name="mistake">What is done wrong, in one sentence.</param>
/// <param name="plant">Puts a port with the mistake in place of the right one; called for every life of the engine.</param>
/// <param name="seenWith">A seed that showed it once; tried first, so that a rare one need not be looked for every time.</param>
public sealed class DeliberateBug(string name, string mistake, Action<PoolPorts> plant, ulong seenWith = 1)
{
    public string Name => name;

    public string Mistake => mistake;

    public ulong SeenWith => seenWith;

    /// <summary>Another version that writes grain states as it must not; null when the bug lies elsewhere.</summary>
    public Func<string, Type, byte[], byte[]>? OtherVersion { get; init; }

    public void Plant(PoolPorts ports) => plant(ports);

    public override string ToString() => name;
}
