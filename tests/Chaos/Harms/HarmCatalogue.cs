using CocoonPool.Chaos.Network;
using CocoonPool.Chaos.Pool;
using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Chaos.Harms;

/// <summary>Everything that can be done to the pool on this machine.</summary>
public sealed class HarmCatalogue
{
    /// <summary>Workers' clocks may be off by two seconds before receipts of tasks that no living silo watched are refused; within that nothing may be lost.</summary>
    private static readonly TimeSpan ToleratedByWorkers = TimeSpan.FromSeconds(1.5);

    private readonly ChaosPool _pool;
    private readonly List<Func<Random, Harm>> _kinds;

    public HarmCatalogue(ChaosPool pool)
    {
        _pool = pool;
        _kinds = [Kill, Kill, Freeze, Cut, Stall, SlowStorage];
        if (pool.Disk.IsMounted && pool.DatabaseFolder.StartsWith(pool.Disk.Path, StringComparison.Ordinal))
            _kinds.Add(FillDisk);
        else
            Impossible.Add("disk full: the state folder can be a file system of its own only for root, and PostgreSQL's account must reach it");
        if (ProcessClocks.CanBeMoved)
            _kinds.Add(MoveClock);
        else
            Impossible.Add("clock offset: libfaketime is not installed (Debian's package faketime)");
    }

    /// <summary>What cannot be done here, each with the reason.</summary>
    public List<string> Impossible { get; } = [];

    public Harm Draw(Random random) => _kinds[random.Next(_kinds.Count)](random);

    private Harm Kill(Random random)
    {
        var victim = Service(random);
        // The keeper starts it again at once; there is nothing to undo.
        return new("kill -9", victim.Name, TimeSpan.Zero, Done(() => ProcessSignal.Send(victim.Process.Pid, ProcessSignal.Kill)), () => { });
    }

    private Harm Freeze(Random random)
    {
        var victim = Service(random);
        var frozen = new List<ProcessIdentity>();
        return new("SIGSTOP", victim.Name, Seconds(random, 0.5, 12), Done(() =>
        {
            frozen.AddRange(ProcessTree.Of(victim.Process.Pid).Select(ProcessIdentity.Of).OfType<ProcessIdentity>());
            frozen.ForEach(process => ProcessSignal.Send(process.Pid, ProcessSignal.Stop));
        }), () =>
        {
            // Another harm may have killed some of them meanwhile.
            foreach (var process in frozen.Where(process => process.IsRunning))
                ProcessSignal.Send(process.Pid, ProcessSignal.Continue);
        });
    }

    private Harm Cut(Random random) => Weather("cut", random, new(IsCut: true), Seconds(random, 0.2, 8));

    private Harm Stall(Random random) => Weather("stall", random, new(IsStalled: true), Seconds(random, 0.5, 10));

    private Harm SlowStorage(Random random)
    {
        var delay = TimeSpan.FromMilliseconds(10 + random.Next(290));
        var link = _pool.Links.Database;
        return new("slow storage", "silo–database", Seconds(random, 2, 15), Done(() => link.Weather = new(Delay: delay)), () => link.Weather = LinkWeather.Fair);
    }

    private Harm FillDisk(Random random) => new("disk full", "data directory", Seconds(random, 2, 10), _pool.Disk.Fill, _pool.Disk.Empty);

    private Harm MoveClock(Random random)
    {
        var clocked = _pool.Services.Where(s => s.Name is "silo" or "gateway" || s.Name.StartsWith("agent-", StringComparison.Ordinal)).ToList();
        var victim = clocked[random.Next(clocked.Count)].Name;
        var most = victim.StartsWith("agent-", StringComparison.Ordinal) ? ToleratedByWorkers : TimeSpan.FromSeconds(90);
        var offset = most * (2 * random.NextDouble() - 1);
        return new("clock offset", victim, Seconds(random, 3, 20), Done(() => _pool.Clocks.Set(victim, offset)), () => _pool.Clocks.Set(victim, TimeSpan.Zero));
    }

    private Harm Weather(string kind, Random random, LinkWeather weather, TimeSpan lasts)
    {
        var (name, link) = _pool.Links.All[random.Next(_pool.Links.All.Count)];
        return new(kind, name, lasts, Done(() => link.Weather = weather), () => link.Weather = LinkWeather.Fair);
    }

    private RunRecord Service(Random random)
    {
        // One agent among the services: they are many and alike.
        var services = _pool.Services.GroupBy(s => s.Name.StartsWith("agent-", StringComparison.Ordinal) ? "agent" : s.Name, StringComparer.Ordinal).ToList();
        var group = services[random.Next(services.Count)].ToList();
        return group[random.Next(group.Count)];
    }

    private static TimeSpan Seconds(Random random, double least, double most) => TimeSpan.FromSeconds(least + (most - least) * random.NextDouble());

    private static Func<CancellationToken, Task> Done(Action act) => _ =>
    {
        act();
        return Task.CompletedTask;
    };
}
