using CocoonPool.PoolSimulation.Running;

namespace CocoonPool.PoolSimulation.Commands;

/// <summary>A failing seed for people: what the auditor objects to, what was done, what went wrong, and the last steps.</summary>
public static class FailureReport
{
    public static void Write(TextWriter output, Verdict original, Verdict smallest, int traceEntries)
    {
        output.WriteLine($"seed {original.Scenario.Seed}: the auditor objects");
        foreach (var objection in smallest.Objections)
            output.WriteLine($"  ! {objection}");
        output.WriteLine($"  {smallest.Scenario.Operations.Length} of {original.Scenario.Operations.Length} operations are left, and of the faults: {Faults(smallest)}");
        foreach (var operation in smallest.Scenario.Operations)
            output.WriteLine($"    {operation}");
        output.WriteLine($"  the last of {smallest.Figures.Steps} steps:");
        foreach (var entry in smallest.Trace.TakeLast(traceEntries))
            output.WriteLine($"    {entry}");
        output.WriteLine($"  again: ./cocoon sim --seed {original.Scenario.Seed}   trace hash {original.TraceHash:x16}");
    }

    private static string Faults(Verdict verdict)
    {
        var chain = verdict.Scenario.Chain is { LossRate: 0, DelayRate: 0, DoublingRate: 0 } ? (string[])[] : ["a chain that loses, delays and doubles"];
        string[] left = [.. Minimizer.Left(verdict.Scenario.Faults), .. chain];
        return left.Length == 0 ? "none" : string.Join(", ", left);
    }
}
