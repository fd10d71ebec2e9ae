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
/// <param name="Revision">How often the amount had to follow the chain, because stake had left it before the slash could hold it there.</param>
/// <param name="Execution">The transaction of the stake account that took the amount.</param>
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
    DateTimeOffset? EndedAt,
    int Revision = 0,
    string? Execution = null)
{
    /// <summary>Until when the participant may appeal; exclusive.</summary>
    public DateTimeOffset AppealUntil => OpenedAt + SlashRules.AppealWindow;

    public bool IsPending => State is SlashState.Open or SlashState.Appealed;

    /// <summary>Decided against the participant, and still to be carried out on chain.</summary>
    public bool AwaitsExecution => State == SlashState.Final && Execution is null && Amount.IsPositive;

    /// <summary>Some of the stake on chain is meant for it: until it is over nothing may be paid back.</summary>
    public bool TakesStake => Amount.IsPositive && (IsPending || AwaitsExecution);

    /// <summary>The case's number on chain, of the present amount.</summary>
    public ulong NumberOnChain => SlashRules.NumberOnChain(Id, Revision);

    /// <summary>Whether a case on chain is this slash, in its present or an earlier revision.</summary>
    public bool IsNumbered(ulong? number) => number is { } known && Enumerable.Range(0, Revision + 1).Any(revision => SlashRules.NumberOnChain(Id, revision) == known);
}
