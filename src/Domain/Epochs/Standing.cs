namespace CocoonPool.Domain.Epochs;

/// <summary>What the rules make of a participant in one epoch. Everything here follows from the entrants, so anybody can recompute it.</summary>
/// <param name="UptimeBps">Credited over expected uptime, 0 to 10,000.</param>
/// <param name="QualityPpm">See <see cref="MeasuredQuality"/>; null without a task to judge by.</param>
/// <param name="MultiplierPpm">See <see cref="Participants.Multiplier"/>.</param>
/// <param name="IneligibleBecause"><see cref="Eligibility.Suspended"/> or <see cref="Eligibility.UptimeBelowMinimum"/>; null when eligible.</param>
/// <param name="ConcentrationBps">The part of all attested GPUs that the participant brings, rounded down.</param>
/// <param name="OverConcentration">Whether that exceeds what the pool's parameters allow: a warning, as the work was done.</param>
/// <param name="ReputationAfter">See <see cref="Participants.Reputation"/>.</param>
public sealed record Standing(
    int UptimeBps,
    int? QualityPpm,
    int MultiplierPpm,
    string? IneligibleBecause,
    int ConcentrationBps,
    bool OverConcentration,
    int ReputationAfter)
{
    public bool Eligible => IneligibleBecause is null;
}
