using System.Globalization;

namespace CocoonPool.Client.Launcher.Reporting;

/// <summary>Shows exact amounts: integers of nanoTON as TON, never through a floating-point number.</summary>
public static class Ton
{
    private const long NanoPerTon = 1_000_000_000;

    public static string Show(long nano)
    {
        var magnitude = nano < 0 ? -(Int128)nano : nano;
        var fraction = ((long)(magnitude % NanoPerTon)).ToString("D9", CultureInfo.InvariantCulture);
        return $"{(nano < 0 ? "-" : "")}{(long)(magnitude / NanoPerTon)}.{fraction}";
    }

    public static long FromTon(long ton) => checked(ton * NanoPerTon);

    public static long Parse(string nano) => long.Parse(nano, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
