using CocoonPool.PoolSimulation.Running;
using CocoonPool.PoolSimulation.Workload;

for (var seed = ulong.Parse(args[0]); seed < ulong.Parse(args[0]) + ulong.Parse(args[1]); seed++)
{
    var started = System.Diagnostics.Stopwatch.GetTimestamp();
    var verdict = SeedRun.Of(ScenarioGenerator.Of(seed));
    Console.WriteLine($"{seed} {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms {verdict.TraceHash:x} {verdict.Figures}");
    foreach (var objection in verdict.Objections.Take(4))
        Console.WriteLine("   ! " + objection[..Math.Min(1500, objection.Length)]);
}
