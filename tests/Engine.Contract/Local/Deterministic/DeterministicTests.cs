using System.Globalization;
using CocoonPool.Engine.Deterministic;

namespace CocoonPool.Engine.Contract;

/// <summary>Tests that keep every processor busy run alone: others measure real time-outs on the threads that they would take.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BusyTests
{
    public const string Name = "busy";
}

/// <summary>A thousand seeds of the workload under every kind of fault, and the proof that both the audit and the hash can object.</summary>
[Collection(BusyTests.Name)]
public sealed class DeterministicTests(ITestOutputHelper output)
{
    private const int Seeds = 1000;
    private const int SeedsToCatchAMistake = 100;

    /// <summary>
    /// Trace hashes of some seeds as they were on the machine where this was written. They are the same on every machine; whoever
    /// changes the engine, the workload or the faults changes them on purpose, and writes down the new ones.
    /// </summary>
    public static TheoryData<ulong, string> Golden => new()
    {
        { 1, "8fa885fc8ce8a76f" },
        { 2, "faffa3dfef0c468e" },
        { 17, "e877917692c97595" },
        { 4711, "b218c2439c3d90c0" },
        { ulong.MaxValue, "8484b70f36bdd00d" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Trace_OfASeed_IsTheSameOnEveryMachine(ulong seed, string hash)
        => Workload.Run(seed).Simulation.TraceHash.ToString("x16", CultureInfo.InvariantCulture).ShouldBe(hash);

    [Fact]
    public void ThousandSeeds_LoseNothing_DoNothingTwice_AndRepeat()
    {
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var faults = new long[Enum.GetValues<TraceKind>().Length];
        var steps = 0L;

        // The runs of one seed fall on different threads beside different others: only the seed may matter.
        Parallel.For(0, Seeds, i =>
        {
            var seed = (ulong)i;
            var first = Workload.Run(seed);
            var again = Workload.Run(seed);
            if (first.Objections.Count > 0) failures.Enqueue($"seed {seed}: {string.Join("; ", first.Objections)}");
            if (first.Simulation.TraceHash != again.Simulation.TraceHash) failures.Enqueue($"seed {seed} ran differently the second time");
            Interlocked.Add(ref steps, first.Simulation.Steps + again.Simulation.Steps);
            foreach (var kind in Enum.GetValues<TraceKind>()) Interlocked.Add(ref faults[(int)kind], first.Simulation.Count(kind));
        });

        output.WriteLine($"{steps} steps; {string.Join(", ", Enum.GetValues<TraceKind>().Select(k => $"{k} {faults[(int)k]}"))}");
        failures.ShouldBeEmpty();
        foreach (var kind in Enum.GetValues<TraceKind>().Where(k => k != TraceKind.ClockJump)) faults[(int)kind].ShouldBeGreaterThan(100, $"{kind}");
    }

    [Theory]
    [InlineData(Mistake.AcknowledgeBeforePersisting)]
    [InlineData(Mistake.ForgetOperations)]
    [InlineData(Mistake.KeepStateAfterFailedWrite)]
    [InlineData(Mistake.SendBeforePersisting)]
    public void Mistake_IsCaught(Mistake mistake)
    {
        for (ulong seed = 0; seed < SeedsToCatchAMistake; seed++)
        {
            if (Workload.Run(seed, mistake).Objections is not [var objection, ..]) continue;
            output.WriteLine($"{mistake} is caught by seed {seed}: {objection}");
            return;
        }

        Assert.Fail($"{mistake} was not caught within {SeedsToCatchAMistake} seeds.");
    }
}
