namespace CocoonPool.Domain.Participants;

/// <summary>
/// A participant's reputation: 0 to 1000, 500 at the start. Each epoch moves it a tenth of the way towards what was measured, so that
/// one bad week is forgiven and one good week does not wash a bad year away; each final slash takes 100.
/// </summary>
public static class Reputation
{
    public const int Lowest = 0;
    public const int Highest = 1000;
    public const int Initial = 500;
    public const int LossBySlash = 100;

    /// <summary>
    /// The measure is the mean of uptime and quality, or the one of them that there is, on the scale of 0 to 1000, rounded down. The
    /// step is a tenth of the distance, rounded away from zero, so that the measure is reached in the end.
    /// </summary>
    /// <param name="uptimeBps">0 to 10,000; null when no uptime was expected.</param>
    /// <param name="qualityPpm">0 to 1,000,000; null when there was no task to judge by.</param>
    public static int AfterEpoch(int before, int? uptimeBps, int? qualityPpm)
    {
        var uptimePpm = uptimeBps * 100;
        int? measuredPpm = uptimePpm is null || qualityPpm is null ? uptimePpm ?? qualityPpm : (uptimePpm + qualityPpm) / 2;
        if (measuredPpm is not { } measured)
            return before;
        var distance = (measured / 1000) - before;
        var step = (Math.Abs(distance) + 9) / 10;
        return before + (Math.Sign(distance) * step);
    }

    public static int AfterSlash(int before) => Math.Max(Lowest, before - LossBySlash);
}
