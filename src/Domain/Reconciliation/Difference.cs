using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>One thing that two witnesses say differently.</summary>
/// <param name="Text">A sentence for people: what, where, what each witness says.</param>
/// <param name="Message">Of a settlement: −1 opens the epoch, 0 and up are batches, −2 and down releases.</param>
/// <param name="Participant">Whose money it concerns, where it is one participant's.</param>
/// <param name="Subject">The line of the books or the transaction that differs.</param>
public sealed record Difference(
    DifferenceKind Kind,
    string Text,
    EpochNumber? Epoch = null,
    int? Message = null,
    TonAddress? Participant = null,
    string? Subject = null,
    Nanotons? Expected = null,
    Nanotons? Found = null)
{
    /// <summary>
    /// The chain is ahead of the books, which follow it: no difference that a person has to do anything about, unless it is still
    /// there at the next look.
    /// </summary>
    public bool IsPassing => Kind is DifferenceKind.PaymentNotRead or DifferenceKind.MessageNotBooked or DifferenceKind.ClaimNotBooked;

    /// <summary>What to do about it, in a sentence.</summary>
    public string Remedy => Remedies.For(Kind);
}
