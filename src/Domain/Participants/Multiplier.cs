namespace CocoonPool.Domain.Participants;

/// <summary>
/// The factor of a participant's score, in parts per million, always between 800,000 and 1,200,000. Rewards those who stay:
/// under 30 days 0.80; 30 to 90 days 1.00; over 90 days with at least 95 % uptime 1.10, and for the top decile by
/// quality with at least 99 % uptime 1.20.
/// </summary>
public static class Multiplier
{
    public const int LowestPpm = 800_000;
    public const int HighestPpm = 1_200_000;

    /// <param name="tenure">Time since the participant joined, at the end of the epoch.</param>
    /// <param name="uptimeBps">Measured uptime of the epoch in basis points, 0 to 10,000.</param>
    /// <param name="topQualityDecile">Whether the participant is among the best tenth by quality in the epoch.</param>
    public static int Ppm(TimeSpan tenure, int uptimeBps, bool topQualityDecile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(uptimeBps, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(uptimeBps, 10_000);
        if (tenure < TimeSpan.FromDays(30))
            return LowestPpm;
        if (tenure <= TimeSpan.FromDays(90))
            return 1_000_000;
        if (topQualityDecile && uptimeBps >= 9900)
            return HighestPpm;
        return uptimeBps >= 9500 ? 1_100_000 : 1_000_000;
    }
}
