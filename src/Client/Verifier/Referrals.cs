using System.Numerics;

namespace CocoonPool.Verifier;

/// <summary>The referral bonuses by the rule book, before they are cut to the fee: whole nanoTON of 2 % and 1 % of a referee's share.</summary>
internal static class Referrals
{
    private const long Day = 24L * 60 * 60 * 1000;

    public static BigInteger[] Due(Claims claims, Judgement[] judgements, BigInteger[] shares)
    {
        var participants = claims.Participants;
        var due = new BigInteger[participants.Length];
        var places = Enumerable.Range(0, participants.Length).ToDictionary(i => participants[i].Address);
        foreach (var (referee, place) in participants.Select((p, i) => (p, i)))
        {
            if (referee.Referrer is null || judgements[place].UptimeBps <= 9_000)
                continue;
            var hasBeenHere = claims.StartUnixMs - referee.JoinedUnixMs;
            due[place] += hasBeenHere < 30 * Day ? shares[place] / 100 : 0;
            if (hasBeenHere < 90 * Day && places.TryGetValue(referee.Referrer, out var referrer) && !participants[referrer].Suspended)
                due[referrer] += shares[place] / 50;
        }

        return due;
    }
}
