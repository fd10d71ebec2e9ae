using System.Collections.Immutable;
using System.Numerics;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// What those get who brought somebody, and those who were brought: the referrer 2 % of the referee's share in epochs that begin
/// within 90 days of the referee's joining, the referee 1 % more in those that begin within 30 days; both only while the referee's
/// uptime is above 90 %. The operator pays it out of the fee, so nobody's share is touched, and together it is never more than the fee.
/// </summary>
public static class Referral
{
    public const int MaxReferees = 10;
    public const int ReferrerBps = 200;
    public const int RefereeBps = 100;

    /// <summary>The referee's uptime has to be above this.</summary>
    public const int UptimeBps = 9000;

    public static readonly TimeSpan ReferrerPeriod = TimeSpan.FromDays(90);
    public static readonly TimeSpan RefereePeriod = TimeSpan.FromDays(30);

    /// <summary>Why this participant may not be named as the referrer of another, or null.</summary>
    /// <param name="referees">How many name them already, whether or not they still bring a bonus.</param>
    public static string? RefusalOf(TonAddress referee, TonAddress referrer, bool isParticipant, int referees)
    {
        if (referee == referrer)
            return "referral_of_oneself";
        if (!isParticipant)
            return "referrer_unknown";
        return referees >= MaxReferees ? "referrer_has_enough_referees" : null;
    }

    /// <summary>
    /// The bonus of each entrant, in the entrants' order. A suspended referrer gets none. When the bonuses exceed the fee, the fee is
    /// shared among them in proportion with <see cref="Split"/>, so that none grows by it.
    /// </summary>
    public static ImmutableArray<Nanotons> Bonuses(
        DateTimeOffset epochStart, ImmutableArray<EpochEntrant> entrants, ImmutableArray<Standing> standings, ImmutableArray<Nanotons> shares, Nanotons fee)
    {
        var placeOf = new Dictionary<TonAddress, int>(entrants.Length);
        for (var i = 0; i < entrants.Length; i++)
            placeOf[entrants[i].Tally.Participant] = i;

        var bonuses = new Nanotons[entrants.Length];
        for (var i = 0; i < entrants.Length; i++)
        {
            var referrer = entrants[i].Referrer;
            if (referrer is null || standings[i].UptimeBps <= UptimeBps)
                continue;
            var tenure = epochStart - entrants[i].JoinedAt;
            if (tenure < RefereePeriod)
                bonuses[i] += shares[i].BasisPointsFloor(RefereeBps);
            if (tenure < ReferrerPeriod && placeOf.TryGetValue(referrer.Value, out var at) && !entrants[at].Suspended)
                bonuses[at] += shares[i].BasisPointsFloor(ReferrerBps);
        }

        return Nanotons.Sum(bonuses) <= fee
            ? [.. bonuses]
            : Split.Shares(fee, [.. bonuses.Select((bonus, i) => (entrants[i].Tally.Participant, (BigInteger)bonus.Value))]);
    }
}
