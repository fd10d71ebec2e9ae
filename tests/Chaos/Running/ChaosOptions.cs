namespace CocoonPool.Chaos.Running;

/// <summary>The size of one run.</summary>
/// <param name="Duration">Of load and harm; starting, peace and audit come on top, about a minute and a half.</param>
/// <param name="Seed">Decides kinds, victims, lengths and pauses of the harms. Real processes decide the rest, so a seed is a similar run and not the same.</param>
/// <param name="StateFolder">Made anew by each run.</param>
public sealed record ChaosOptions(TimeSpan Duration, int Seed, string StateFolder)
{
    /// <summary>People with one agent each.</summary>
    public int Members { get; init; } = 3;

    public int Clients { get; init; } = 4;

    /// <summary>
    /// How much longer than in ten minutes the pauses between harms are. A process that is killed every other minute never shows whether it
    /// would grow over hours, so a soak harms more seldom.
    /// </summary>
    public double Slowness => Math.Clamp(Duration / TimeSpan.FromMinutes(10), 1, 40);

    /// <summary>The file system that is filled now and then: enough for the database of a day.</summary>
    public int DiskMebibytes => 1024 + (int)Math.Min(Duration.TotalHours * 256, 8192);

    public string ReportFile => Path.Combine(StateFolder, "report.md");

    public string PlotFile => Path.Combine(StateFolder, "growth.svg");
}
