using CocoonPool.Domain.Ledger;

namespace CocoonPool.Grains.Ledger;

/// <summary>The pool's books: reads balances, and posts the few transfers that belong to no larger step. Key: the pool's id.</summary>
[Alias("cocoon.ILedgerGrain")]
public interface ILedgerGrain : IGrainWithStringKey
{
    [Alias("Balance")]
    Task<Nanotons> Balance(string account);

    [Alias("Balances")]
    Task<AccountLine[]> Balances();

    /// <summary>Replays every transfer: sums, balances and the hash chain. Null when all is right, else the first thing that is not.</summary>
    [Alias("Verify")]
    Task<LedgerVerification> Verify();
}

[GenerateSerializer, Immutable, Alias("cocoon.AccountLine")]
public sealed record AccountLine(
    [property: Id(0)] string Account,
    [property: Id(1)] Nanotons Balance,
    [property: Id(2)] Nanotons Reserved);

[GenerateSerializer, Immutable, Alias("cocoon.LedgerVerification")]
public sealed record LedgerVerification(
    [property: Id(0)] long Transfers,
    [property: Id(1)] string HeadHash,
    [property: Id(2)] string? FirstProblem);
