namespace CocoonPool.Client.Launcher.Demo;

/// <summary>The size of one demo.</summary>
/// <param name="Keep">Leave everything running afterwards.</param>
public sealed record DemoOptions(int Participants, int Requests, IReadOnlyList<string> Models, bool Keep)
{
    public const string DefaultModel = "cocoon-demo";

    /// <summary>How many requests are under way at once.</summary>
    public const int Concurrency = 6;

    /// <summary>What the sponsor pays into the epoch, in TON.</summary>
    public const long SponsoredTon = 30;

    /// <summary>Silo processes.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>The agents come in by grain calls, and not by WebSocket.</summary>
    public bool GrainCalls { get; init; }

    /// <summary>Two batches at least, so that the demo shows what happens between batches; a batch holds 250 payouts at most.</summary>
    public int BatchSize => Math.Clamp((Participants + 1) / 2, 1, 250);

    /// <summary>Every mistake at once.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (Participants is < 1 or > 12)
            mistakes.Add($"--participants {Participants}: 1 to 12, since each runs a process of its own on this machine.");
        if (Requests is < 1 or > 100_000)
            mistakes.Add($"--requests {Requests}: 1 to 100000.");
        if (Models.Count == 0)
            mistakes.Add("--models: name at least one.");
        return mistakes;
    }
}
