using CocoonPool.Engine.Deterministic;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Contract;

/// <summary>Clients that add, pay and read at once while everything goes wrong, each asking again until it was answered.</summary>
public sealed class Workload
{
    private const int Clients = 3;
    private const int Rounds = 6;
    private const int Numbers = 5;

    private static readonly Lazy<SimulationOptions>[] Options = [.. Enum.GetValues<Mistake>().Select(mistake => new Lazy<SimulationOptions>(() => OptionsWith(mistake)))];
    private static readonly string[] Purses = ["a", "b", "c"];

    private readonly Audit _audit = new();

    private Workload(ulong seed, Mistake mistake) => Simulation = new Simulation(seed, Options[(int)mistake].Value);

    public Simulation Simulation { get; }

    public IReadOnlyList<string> Objections => _audit.Objections;

    /// <summary>Runs it all: the trouble, the peace after it, and the audit.</summary>
    public static Workload Run(ulong seed, Mistake mistake = Mistake.None)
    {
        var workload = new Workload(seed, mistake);
        var simulation = workload.Simulation;
        simulation.Run(() => Task.WhenAll(
            [workload.ReadNewsAsync(), .. Enumerable.Range(0, Clients).SelectMany<int, Task>(c => [workload.AddAsync(c), workload.PayAsync(c)])]));
        simulation.Faults = Faults.None;
        simulation.Advance(TimeSpan.FromMinutes(5));
        simulation.Run(workload.CloseAsync);
        return workload;
    }

    private static SimulationOptions OptionsWith(Mistake mistake) => new(typeof(Workload).Assembly)
    {
        Services = (services, _) => services.AddSingleton(typeof(Mistake), mistake),
        Faults = Faults.All,
    };

    private async Task AddAsync(int client)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var tally = $"t{Simulation.Random.Next(2)}";
            long amount = 1 + Simulation.Random.Next(100);
            var operation = $"{client}.{round}";
            _audit.Ask(tally, amount);
            await UntilDoneAsync(() => Tally(tally).Add(operation, amount));
            _audit.Acknowledge(tally, amount);

            var before = 0L;
            var seen = 0L;
            await UntilDoneAsync(async () =>
            {
                before = _audit.Acknowledged(tally);
                seen = await Tally(tally).Read();
            });
            _audit.SawBetween(tally, seen, before);
        }
    }

    // Money flows from purses to later ones only, so that no two of them wait for each other.
    private async Task PayAsync(int client)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var from = Simulation.Random.Next(Purses.Length - 1);
            var to = from + 1 + Simulation.Random.Next(Purses.Length - 1 - from);
            long amount = 1 + Simulation.Random.Next(100);
            var operation = $"{client}.{round}";
            await UntilDoneAsync(() => Purse(Purses[from]).Pay(operation, Purses[to], amount));
            _audit.Acknowledge(Purses[from], -amount);
            _audit.Acknowledge(Purses[to], amount);
        }
    }

    private async Task ReadNewsAsync()
    {
        await UntilDoneAsync(() => Simulation.Grains.GetGrain<INewsGrain>("n").Begin());
        long next = 1;
        await UntilDoneAsync(async () =>
        {
            if (next > Numbers) return;
            await foreach (var number in Simulation.Grains.GetGrain<INewsGrain>("n").Read(next))
            {
                _audit.Expect("the next number of the news", next, number);
                if (++next > Numbers) break;
            }
        });
    }

    // Memory, storage, and memory after another activation must all say what the books say.
    private async Task CloseAsync()
    {
        foreach (var key in (string[])["t0", "t1"])
        {
            _audit.SawAtTheEnd(key, "in memory", await Tally(key).Read());
            _audit.SawAtTheEnd(key, "in storage", Simulation.Storage.Peek<Tally>("tally", GrainId.Create("tally", key))?.Total ?? 0);
            Simulation.CrashActivation(GrainId.Create("tally", key));
            _audit.SawAtTheEnd(key, "after a crash", await Tally(key).Read());
        }

        foreach (var key in Purses)
        {
            var (balance, unpaid) = await Purse(key).Read();
            _audit.SawAtTheEnd(key, "in memory", balance);
            _audit.SawAtTheEnd(key, "in storage", Simulation.Storage.Peek<Purse>("purse", GrainId.Create("purse", key))?.Balance ?? 0);
            _audit.Expect($"the number of payments that {key} has not sent", 0, unpaid);
        }

        var published = Simulation.Storage.Peek<News>("news", GrainId.Create("news", "n"))?.Published ?? 0;
        await Task.Delay(TimeSpan.FromMinutes(2), Simulation.Time);
        var since = (Simulation.Storage.Peek<News>("news", GrainId.Create("news", "n"))?.Published ?? 0) - published;
        _audit.Expect("whether the reminder keeps the news going", 1, since > 0 ? 1 : 0);
    }

    // What fails in these ways has an unknown outcome; asking again must be harmless. Anything else is a bug and ends the run.
    private async Task UntilDoneAsync(Func<Task> attempt)
    {
        while (true)
        {
            try
            {
                await Simulation.WhenUpAsync();
                await attempt();
                return;
            }
            catch (Exception failure) when (failure is TimeoutException or OrleansException or SimulatedFaultException or EnumerationAbortedException)
            {
                await Task.Delay(Simulation.Random.Span(TimeSpan.FromSeconds(2)), Simulation.Time);
            }
        }
    }

    private ITallyGrain Tally(string key) => Simulation.Grains.GetGrain<ITallyGrain>(key);

    private IPurseGrain Purse(string key) => Simulation.Grains.GetGrain<IPurseGrain>(key);
}
