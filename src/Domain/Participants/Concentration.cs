using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Participants;

public enum ConcentrationVerdict
{
    Within = 0,

    /// <summary>Above the limit, which only warns.</summary>
    Warned = 1,

    /// <summary>Above the limit, which is enforced.</summary>
    Refused = 2,
}

/// <summary>How much of the pool one participant may be: a pool that hangs on one of them stops with that one.</summary>
public static class Concentration
{
    /// <summary>
    /// May a participant bring so many attested GPUs? An enforced limit refuses only once the pool is wide enough for everybody to keep
    /// it: with a limit of 30 % three participants could not all be below it, and the first one of a pool would be refused for being it.
    /// </summary>
    /// <param name="own">The participant's GPUs, with those that are asked for.</param>
    /// <param name="all">The pool's GPUs, with those that are asked for.</param>
    /// <param name="bringers">How many participants bring any of them.</param>
    public static ConcentrationVerdict Judge(long own, long all, int bringers, PoolParameters parameters)
    {
        if (!Exceeds(own, all, parameters.MaxConcentrationBps))
            return ConcentrationVerdict.Within;
        var isWideEnough = (long)bringers * parameters.MaxConcentrationBps >= 10_000;
        return parameters.EnforceConcentration && isWideEnough ? ConcentrationVerdict.Refused : ConcentrationVerdict.Warned;
    }

    /// <summary>Part of all GPUs in basis points, rounded down; 0 of none.</summary>
    public static int BasisPoints(long own, long all) => all == 0 ? 0 : (int)(own * 10_000 / all);

    public static bool Exceeds(long own, long all, int maxBps) => own * 10_000 > all * maxBps;
}
