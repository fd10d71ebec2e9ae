using System.Globalization;
using System.Numerics;

namespace CocoonPool.Client.Admin.Reporting;

/// <summary>Shows exact amounts: integers of nanoTON as TON, never through a floating-point number.</summary>
public static class Ton
{
    private static readonly BigInteger NanoPerTon = 1_000_000_000;

    /// <exception cref="FormatException">The text is no whole number.</exception>
    public static string Show(string nano) =>
        Show(BigInteger.Parse(nano, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));

    public static string Show(BigInteger nano)
    {
        var whole = BigInteger.DivRem(BigInteger.Abs(nano), NanoPerTon, out var rest);
        return $"{(nano.Sign < 0 ? "-" : "")}{whole}.{rest.ToString("D9", CultureInfo.InvariantCulture)}";
    }
}
