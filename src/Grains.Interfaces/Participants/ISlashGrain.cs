using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>One slash, from the evidence to its end. Key: <c>pool/</c> and <see cref="SlashRules.IdOf"/>, so that the same evidence is one slash.</summary>
[Alias("cocoon.ISlashGrain")]
public interface ISlashGrain : IGrainWithStringKey
{
    /// <summary>Holds part of the stake and starts the appeal window. A repeated call changes nothing and answers the slash.</summary>
    [Alias("Open")]
    Task<Outcome<SlashDescription>> Open(SlashAccusation accusation);

    [Alias("Describe")]
    Task<SlashDescription?> Describe();

    /// <summary>The participant objects; from then on the operator has to rule.</summary>
    [Alias("Appeal")]
    Task<Outcome<SlashDescription>> Appeal(string words);

    /// <summary>The operator confirms it against an appeal.</summary>
    [Alias("Uphold")]
    Task<Outcome<SlashDescription>> Uphold(string ruling);

    /// <summary>The operator takes it back; the stake is free again.</summary>
    [Alias("Void")]
    Task<Outcome<SlashDescription>> Void(string ruling);

    /// <summary>Makes it final once the window passed without an appeal, and carries out what an interrupted end left undone. A reminder calls this.</summary>
    [Alias("Review")]
    Task Review();
}

/// <param name="Evidence">What shows the offence, for the participant and anybody who judges the appeal; 1 to 4,000 characters.</param>
[GenerateSerializer, Immutable, Alias("cocoon.SlashAccusation")]
public sealed record SlashAccusation([property: Id(0)] TonAddress Participant, [property: Id(1)] SlashOffence Offence, [property: Id(2)] string Evidence);

/// <summary>A <see cref="Slash"/> between grains.</summary>
[GenerateSerializer, Immutable, Alias("cocoon.SlashDescription")]
public sealed record SlashDescription(
    [property: Id(0)] string Id,
    [property: Id(1)] TonAddress Participant,
    [property: Id(2)] SlashOffence Offence,
    [property: Id(3)] string Evidence,
    [property: Id(4)] int RateBps,
    [property: Id(5)] Nanotons Amount,
    [property: Id(6)] DateTimeOffset OpenedAt,
    [property: Id(7)] DateTimeOffset AppealUntil,
    [property: Id(8)] SlashState State,
    [property: Id(9)] string? Appeal,
    [property: Id(10)] string? Ruling,
    [property: Id(11)] DateTimeOffset? EndedAt,
    [property: Id(12)] string? Execution = null)
{
    public static SlashDescription Of(Slash slash) => new(
        slash.Id, slash.Participant, slash.Offence, slash.Evidence, slash.RateBps, slash.Amount, slash.OpenedAt, slash.AppealUntil, slash.State,
        slash.Appeal, slash.Ruling, slash.EndedAt, slash.Execution);
}
