using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Goals;

/// <summary>How a figure stands against its must and its aim.</summary>
public enum Verdict
{
    /// <summary>Nothing was promised for this row.</summary>
    None,
    MeetsAim,
    MeetsMust,

    /// <summary>A time or a rate of this machine is worse than the must: reported, and never a failure.</summary>
    MissesMustHere,

    /// <summary>A ratio, an amount or a condition is worse than the must: <c>--check</c> fails.</summary>
    MissesMust,
}

/// <summary>Judges figures by their rows' bounds.</summary>
public static class Verdicts
{
    /// <param name="figure">The median, in the row's unit.</param>
    /// <param name="ratio">The median ratio; null when there was no reference.</param>
    /// <param name="broken">See <see cref="Measurement.Broken"/>.</param>
    public static Verdict Judge(Row row, double figure, double? ratio, string? broken)
    {
        if (broken is not null)
            return Verdict.MissesMust;
        if (row.Must.Count + row.Aim.Count == 0)
            return Verdict.None;
        var missed = row.Must.Where(bound => !bound.Holds(figure, ratio)).ToList();
        if (missed.Count > 0)
            return missed.Any(bound => bound.IsAsserted) ? Verdict.MissesMust : Verdict.MissesMustHere;
        return row.Aim.Count > 0 && row.Aim.All(bound => bound.Holds(figure, ratio)) ? Verdict.MeetsAim : Verdict.MeetsMust;
    }

    public static string InWords(Verdict verdict) => verdict switch
    {
        Verdict.None => "–",
        Verdict.MeetsAim => "meets the aim",
        Verdict.MeetsMust => "meets the must",
        Verdict.MissesMustHere => "misses the must on this machine",
        _ => "misses the must",
    };
}
