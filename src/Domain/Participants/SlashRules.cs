using System.Security.Cryptography;
using System.Text;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>How much an offence costs.</summary>
public static class SlashRules
{
    public const int RepeatedBps = 5000;

    public static readonly TimeSpan AppealWindow = TimeSpan.FromHours(72);

    /// <summary>The third slash that is opened within this time costs <see cref="RepeatedBps"/>, whatever it is for.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromDays(90);

    /// <summary>How long a worker may be away without having been drained.</summary>
    public static readonly TimeSpan LongestDowntime = TimeSpan.FromHours(48);

    /// <summary>The rate in basis points: 5 %, 10 %, 25 %, or 50 % when two others were opened in the 90 days before and none of them is voided.</summary>
    /// <param name="earlier">The participant's other slashes.</param>
    public static int RateBps(SlashOffence offence, IEnumerable<Slash> earlier, DateTimeOffset now)
    {
        var recent = earlier.Count(slash => slash.State != SlashState.Voided && now - slash.OpenedAt <= RepeatWindow);
        return recent >= 2 ? RepeatedBps : RateBps(offence);
    }

    /// <summary>The case that what the pool itself sees of this offence belongs to while it is pending; null when it makes a new one.</summary>
    public static Slash? CaseOf(SlashOffence offence, IEnumerable<Slash> others) => others.FirstOrDefault(slash => slash.IsPending && slash.Offence == offence);

    /// <summary>floor(stake × rate), but never more than is available: what other slashes hold is spoken for.</summary>
    public static Nanotons Amount(StakePosition stake, int rateBps) =>
        Nanotons.Max(Nanotons.Zero, Nanotons.Min(stake.Balance.BasisPointsFloor(rateBps), stake.Available));

    /// <summary>16 bytes of SHA-256 over participant, offence and evidence, in hex.</summary>
    public static string IdOf(TonAddress participant, SlashOffence offence, string evidence) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{participant}\n{(int)offence}\n{evidence}")).AsSpan(0, 16));

    /// <summary>
    /// The number under which a stake account executes the case, once: the first eight bytes of the id plus the revision. A revision is
    /// signed only when no signature of the one before it can land any more.
    /// </summary>
    public static ulong NumberOnChain(string id, int revision) =>
        unchecked(ulong.Parse(id.AsSpan(0, 16), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture) + (ulong)revision);

    /// <summary>Whether a worker that has been away since then has been away too long.</summary>
    public static bool IsDowntime(DateTimeOffset awaySince, DateTimeOffset now) => now - awaySince > LongestDowntime;

    private static int RateBps(SlashOffence offence) => offence switch
    {
        SlashOffence.Downtime => 500,
        SlashOffence.InvalidAttestation => 1000,
        SlashOffence.MaliciousResult or SlashOffence.ForgedReceipt => 2500,
        _ => throw new ArgumentOutOfRangeException(nameof(offence)),
    };
}
