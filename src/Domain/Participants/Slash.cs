using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>What a participant is slashed for.</summary>
public enum SlashOffence
{
    /// <summary>A worker was away for more than 48 hours without having been drained.</summary>
    Downtime = 0,
    InvalidAttestation = 1,
    MaliciousResult = 2,
    ForgedReceipt = 3,
}

/// <summary><c>open → appealed → final | voided</c>; an open one that nobody appeals becomes final by itself.</summary>
public enum SlashState
{
    Open = 0,

    /// <summary>Waits for the operator's ruling, however long that takes.</summary>
    Appealed = 1,
    Final = 2,
    Voided = 3,
}

/// <summary>Part of a stake that is taken for an offence, or held until that is decided.</summary>
/// <param name="Id">Follows from participant, offence and evidence (see <see cref="SlashRules.IdOf"/>): the same evidence slashes once.</param>
/// <param name="RateBps">Of the stake when it was opened.</param>
/// <param name="Amount">Held from the opening on; never more than was available then, perhaps nothing.</param>
/// <param name="Appeal">The participant's words.</param>
/// <param name="Ruling">The operator's words, or why it ended without any.</param>
public sealed record Slash(
    string Id,
    TonAddress Participant,
    SlashOffence Offence,
    string Evidence,
    int RateBps,
    Nanotons Amount,
    DateTimeOffset OpenedAt,
    SlashState State,
    string? Appeal,
    string? Ruling,
    DateTimeOffset? EndedAt)
{
    /// <summary>Until when the participant may appeal; exclusive.</summary>
    public DateTimeOffset AppealUntil => OpenedAt + SlashRules.AppealWindow;

    public bool IsPending => State is SlashState.Open or SlashState.Appealed;
}
