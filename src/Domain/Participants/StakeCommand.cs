using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

public enum StakeCommandKind
{
    /// <summary>Nothing is paid back from the account for a while, because a slash may take it.</summary>
    Suspend = 0,

    /// <summary>The suspension ends: no slash needs it any more.</summary>
    Release = 1,
    Slash = 2,

    /// <summary>Pays the participant a withdrawal that has waited its time.</summary>
    Complete = 3,
}

/// <summary>Something that the operator's wallet has to bring about on a stake account.</summary>
/// <param name="Id">One for each aim: there is at most one live signature for it.</param>
/// <param name="Amount">Of a slash.</param>
/// <param name="Slash">Of a slash.</param>
public sealed record StakeCommand(string Id, StakeCommandKind Kind, TonAddress Participant, Nanotons Amount, Slash? Slash)
{
    /// <summary>How long a suspension lasts. It is renewed in time while it is needed, and ends by itself if the pool is gone for good.</summary>
    public static readonly TimeSpan Suspension = TimeSpan.FromDays(10);

    /// <summary>A suspension that lasts less than this is renewed. Longer than any outage that nobody notices.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(4);

    /// <summary>What accounts and slashes ask for now: suspensions before all else, because they are a race.</summary>
    /// <param name="accounts">As the pool last read them.</param>
    /// <param name="slashes">At least those that take stake.</param>
    /// <param name="now">The chain's time.</param>
    public static IReadOnlyList<StakeCommand> Wanted(IEnumerable<StakeAccountState> accounts, IReadOnlyList<Slash> slashes, DateTimeOffset now)
    {
        var taken = slashes.Where(slash => slash.TakesStake).ToLookup(slash => slash.Participant);
        return [.. accounts.SelectMany(account => Wanted(account, taken[account.Participant].ToList(), now)).OrderBy(command => command.Kind).ThenBy(command => command.Id, StringComparer.Ordinal)];
    }

    /// <summary>Whether the account shows that the aim is reached, whoever brought it about.</summary>
    /// <param name="executed">The cases that the account has executed.</param>
    public bool IsReached(StakeAccountState account, IEnumerable<ulong> executed, DateTimeOffset now) => Kind switch
    {
        StakeCommandKind.Suspend => account.IsSuspendedAt(now + RenewBefore),
        StakeCommandKind.Release => !account.IsSuspendedAt(now),
        StakeCommandKind.Slash => executed.Any(number => Slash!.IsNumbered(number)),
        StakeCommandKind.Complete => !account.Withdrawal.IsPositive,
        _ => throw new InvalidOperationException($"Unknown command {Kind}."),
    };

    private static IEnumerable<StakeCommand> Wanted(StakeAccountState account, List<Slash> taken, DateTimeOffset now)
    {
        StakeCommand To(string aim, StakeCommandKind kind) => new($"{aim}/{account.Participant}", kind, account.Participant, Nanotons.Zero, null);

        if (taken.Count > 0 && account.Stake.IsPositive && !account.IsSuspendedAt(now + RenewBefore))
            yield return To("suspend", StakeCommandKind.Suspend);
        if (taken.Count == 0 && account.IsSuspendedAt(now))
            yield return To("release", StakeCommandKind.Release);
        foreach (var slash in taken.Where(slash => slash.AwaitsExecution))
            yield return new($"slash/{slash.Id}", StakeCommandKind.Slash, slash.Participant, slash.Amount, slash);
        if (taken.Count == 0 && account.Withdrawal.IsPositive && account.UnlocksAt <= now && !account.IsSuspendedAt(now))
            yield return To("withdrawal", StakeCommandKind.Complete);
    }
}
